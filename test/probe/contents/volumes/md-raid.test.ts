import { describe, expect, it } from 'vitest';
import { probe } from '../../../../src/probe/probe.ts';
import { memorySource } from '../../../support/images/memory-source.ts';
import { be, bytesWith, le, type Patch, patched, verdictOf, windowOf } from '../support/windows.ts';

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
