import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { RAID_TAIL_LENGTH, raidMember } from '../../../../src/probe/contents/volumes/raid-members.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { be, bytesWith, le, type Patch, patched, verdictOf, windowOf } from '../support/windows.ts';
import { probe } from '../../../../src/probe/probe.ts';
import { memorySource } from '../../../support/images/memory-source.ts';

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

const KIB = 1024;

/** MD metadata of version 1 for `devices` members, at its sector and signed. */
function md(at: number, sector: number, devices: number): Uint8Array {
  const bytes = bytesWith([
    [at, le(0xa92b4efc, 4)],
    [at + 4, le(1, 4)],
    [at + 72, le(1, 4)],
    [at + 144, le(BigInt(sector), 8)],
    [at + 220, le(devices, 4)],
    [at + 256 + 2 * (devices - 1), le(0xfffe, 2)],
  ]);
  const block = Buffer.from(bytes.slice(at, at + 256 + 2 * devices));
  let sum = 0n;
  for (let offset = 0; offset + 4 <= block.length; offset += 4) sum += BigInt(block.readUInt32LE(offset));
  if (block.length % 4 === 2) sum += BigInt(block.readUInt16LE(block.length - 2));
  return patched(bytes, [[at + 216, le((sum & 0xffff_ffffn) + (sum >> 32n), 4)]]);
}

describe('MD RAID, written as drivers/md/md.c sums it', () => {
  it.each([
    ['1.1', 0, 0, 128],
    ['1.2', 4096, 8, 128],
    ['1.2 with an odd number of devices', 4096, 8, 3],
  ])('%s', (_, at, sector, devices) => {
    expect(verdictOf(windowOf(md(at, sector, devices)))).toBe('other certain MD RAID member');
  });
  it('at a place that is not its own, or changed, is none', () => {
    expect(verdictOf(windowOf(md(4096, 16, 128)))).toBe('unknown');
    expect(verdictOf(windowOf(patched(md(4096, 8, 128), [[4096 + 32, [7]]])))).toBe('unknown');
  });
  it('with more devices than the window holds is likely', () => {
    expect(verdictOf(windowOf(md(4096, 8, 128).slice(0, 4400)))).toBe('other likely MD RAID member');
    expect(verdictOf(windowOf(patched(md(4096, 8, 128), [[4096 + 220, le(0xffff_ffff, 4)]])))).toBe(
      'other likely MD RAID member',
    );
  });
});

/** Metadata 0.90, signed as drivers/md/md.c signs them. */
function md090(order: typeof le): Uint8Array {
  const bytes = bytesWith(
    [
      [0, order(0xa92b4efc, 4)],
      [8, order(90, 4)],
      [28, order(1, 4)],
      [4000, order(0xffff_fff0, 4)],
    ],
    4096,
  );
  const view = new DataView(bytes.buffer);
  let sum = 0n;
  for (let at = 0; at < 4096; at += 4) sum += BigInt(view.getUint32(at, order === le));
  return patched(bytes, [[152, order((sum & 0xffff_ffffn) + (sum >> 32n), 4)]]);
}

function md10(sector: number): Uint8Array {
  const bytes = bytesWith(
    [
      [0, le(0xa92b4efc, 4)],
      [4, le(1, 4)],
      [144, le(BigInt(sector), 8)],
      [220, le(2, 4)],
    ],
    4096,
  );
  let sum = 0n;
  for (let at = 0; at < 260; at += 4) sum += BigInt(new DataView(bytes.buffer).getUint32(at, true));
  return patched(bytes, [[216, le((sum & 0xffff_ffffn) + (sum >> 32n), 4)]]);
}

describe('MD RAID with its metadata at the end', () => {
  const SIZE = 1024 * KIB + 5 * 512;
  const OLD = 1024 * KIB - 64 * KIB;
  const V10 = 1024 * KIB - 8 * KIB;
  const probed = async (patches: readonly Patch[]): Promise<string> => {
    const { imageType, confidence, evidence } = await probe(memorySource(bytesWith(patches, SIZE)));
    return `${imageType} ${confidence} ${evidence[0]?.detail}`;
  };
  it.each([
    ['0.90', [OLD, md090(le)]],
    ['0.90', [OLD, md090(be)]],
    ['1.0', [V10, md10(V10 / 512)]],
  ] as const)('%s', async (version, patch) => {
    const line = `other certain MD RAID member: metadata ${version}`;
    expect(await probed([patch])).toBe(line);
    expect(await probed([[0, 'data that says nothing'], patch])).toBe(line);
    expect(await probed([patch, [patch[0] + 32, [7]]])).toContain('undetermined');
    expect(await probed([[patch[0] - 512, patch[1]]])).toContain('undetermined');
  });
  it('does not hide the volume that the member begins with', async () => {
    const ocfs: readonly Patch[] = [
      [4, le(1, 4)],
      [8, 'OracleCFS\0'],
    ];
    expect(await probed([...ocfs, [OLD, md090(le)]])).toMatch(/^filesystem /u);
  });
});
