import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { RAID_TAIL_LENGTH, raidMember } from '../../../../src/probe/contents/volumes/raid-members.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { be, bytesWith, le, type Patch, patched, verdictOf, windowOf } from '../support/windows.ts';

const START = 1_000_000;

/** What the end of a file says, with bytes at a sector counted from the end. */
function memberOf(sector: number, bytes: Uint8Array | readonly Patch[], more = 0): string | null {
  const content = bytes instanceof Uint8Array ? bytes : bytesWith(bytes, 512 * sector);
  const tail = bytesWith([[RAID_TAIL_LENGTH - 512 * sector, content]], RAID_TAIL_LENGTH + more);
  const found = raidMember(fieldsOf(tail), START);
  return found === null ? null : `${found.confidence} ${found.name} at ${(found.evidence[0]?.offset ?? 0) - START}`;
}

/** Little-endian sum of the 32-bit words of [0, length). */
const sum32 = (bytes: Uint8Array, length: number): number => {
  let sum = 0;
  for (let at = 0; at < length; at += 4) sum = (sum + new DataView(bytes.buffer).getUint32(at, true)) >>> 0;
  return sum;
};

describe('members of the RAID of a firmware', () => {
  const last = RAID_TAIL_LENGTH - 512;
  it('LSI and Adaptec by magics in the last sector', () => {
    expect(memberOf(1, [[0, '$XIDE$']])).toBe(`likely LSI Mega RAID member at ${last}`);
    expect(memberOf(1, [[0, '$XIDE']])).toBeNull();
    const adaptec: readonly Patch[] = [
      [0, [0x37, 0xfc, 0x4d, 0x1e]],
      [256, 'DPTM'],
    ];
    expect(memberOf(1, adaptec)).toBe(`likely Adaptec RAID member at ${last}`);
    expect(memberOf(1, adaptec.slice(0, 1))).toBeNull();
  });
  it('a sector that is not whole behind them does not count', () => {
    expect(memberOf(1, [[0, '$XIDE$']], 511)).toBe(`likely LSI Mega RAID member at ${last}`);
  });
  it.each([be, le])('DDF by its checksum in either byte order, or by its revision', (order) => {
    const header = bytesWith(
      [
        [0, order(0xde11de11, 4)],
        [4, [255, 255, 255, 255]],
        [32, '01.02.00'],
      ],
      512,
    );
    const whole = patched(header, [[4, order(crc32(header), 4)]]);
    expect(memberOf(1, whole)).toBe(`certain DDF RAID member at ${last}`);
    expect(memberOf(1, patched(whole, [[100, [1]]]))).toBe(`likely DDF RAID member at ${last}`);
    expect(memberOf(1, patched(whole, [[34, 'x']]))).toBeNull();
  });
  it('Intel by the sum of its words but one', () => {
    const header = bytesWith(
      [
        [0, 'Intel Raid ISM Cfg Sig. 1.0.00'],
        [36, le(480, 4)],
      ],
      1024,
    );
    const whole = patched(header, [[32, le(sum32(header, 480), 4)]]);
    expect(memberOf(2, whole)).toBe(`certain Intel Matrix RAID member at ${last - 512}`);
    expect(memberOf(2, patched(whole, [[100, [1]]]))).toBeNull();
    expect(memberOf(2, patched(whole, [[36, le(516, 4)]]))).toBe(`likely Intel Matrix RAID member at ${last - 512}`);
    expect(memberOf(2, patched(whole, [[36, le(214, 4)]]))).toBeNull();
  });
  it('Promise in sector 63 or 16 from the end', () => {
    const header = bytesWith([[0, 'Promise Technology, Inc.']], 2048);
    const whole = patched(header, [[2044, le(sum32(header, 2044), 4)]]);
    for (const sector of [63, 16]) {
      const at = RAID_TAIL_LENGTH - 512 * sector;
      expect(memberOf(sector, whole)).toBe(`certain Promise FastTrak RAID member at ${at}`);
      expect(memberOf(sector, patched(whole, [[200, [1]]]))).toBe(`likely Promise FastTrak RAID member at ${at}`);
    }
    expect(memberOf(17, whole)).toBeNull();
  });
  it('VIA, whose magic is 55 AA, by the sum of fifty bytes and the list of disks', () => {
    const fields: readonly Patch[] = [
      [0, [0x55, 0xaa, 1, 5, 0]],
      [14, [9]],
      [22, [9]],
    ];
    const sum = 0x55 + 0xaa + 1 + 5 + 9 + 9;
    expect(memberOf(1, [...fields, [50, [sum & 0xff]]])).toBe(`likely VIA RAID member at ${last}`);
    expect(memberOf(1, [...fields, [50, [(sum + 1) & 0xff]]])).toBeNull();
    expect(memberOf(1, [...fields, [22, [8]], [50, [(sum - 1) & 0xff]]])).toBeNull();
  });
  it('DRBD in the last 4 KiB of the file', () => {
    const drbd: readonly Patch[] = [
      [60, be(0x8374026b, 4)],
      [64, be(1000, 4)],
      [68, be(0xffff_fff8, 4)],
      [76, be(0xffff_fff0, 4)],
      [80, be(4096, 4)],
    ];
    expect(memberOf(8, drbd)).toBe(`likely DRBD device at ${RAID_TAIL_LENGTH - 4096}`);
    expect(memberOf(8, [...drbd, [76, [0]]])).toBeNull();
    expect(memberOf(8, [...drbd, [80, be(5000, 4)]])).toBeNull();
  });
  it('zeros are no member', () => expect(memberOf(1, [])).toBeNull());
  it('an end that is not all there cannot be read', () => {
    expect(() => raidMember(fieldsOf(new Uint8Array(RAID_TAIL_LENGTH - 1)), 0)).toThrow(/wanted|there/u);
  });
});

describe('HighPoint 37x', () => {
  const fields: readonly Patch[] = [
    [4640, le(0x5a7816f0, 4)],
    [4656, [2, 0, 1, 1]],
    [4660, le(9999, 4)],
  ];
  it('has its metadata in sector 9, behind 32 bytes of zero', () => {
    expect(verdictOf(windowOf(bytesWith(fields)))).toBe('other likely HighPoint 37x RAID member');
    expect(verdictOf(windowOf(bytesWith([...fields, [4608, [1]]])))).toBe('unknown');
    expect(verdictOf(windowOf(bytesWith([...fields, [4656, [33]]])))).toBe('unknown');
    expect(verdictOf(windowOf(bytesWith([...fields, [4660, le(0, 4)]])))).toBe('unknown');
  });
});
