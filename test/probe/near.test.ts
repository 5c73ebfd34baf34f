import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/model/verdict.ts';
import { DEFAULT_BUDGET, type Budget } from '../../src/probe/reading/budget.ts';
import { HEAD_LENGTH } from '../../src/probe/reading/fields.ts';
import { FIRST_STEP } from '../../src/probe/reading/layer.ts';
import { probe } from '../../src/probe/probe.ts';
import type { ByteSource } from '../../src/probe/reading/source.ts';
import { CORPUS_WANTED, corpusForTests } from '../support/images/corpus.ts';
import { memorySource } from '../support/images/memory-source.ts';
import { damage } from './fuzz/damage.ts';
import { chosenSeed, randomOf } from './fuzz/random.ts';
import { makeSamples } from './fuzz/samples.ts';

/** Larger files are not held in memory here; the corpus tests read them from the disk, which is near. */
const LARGEST = 8 * 1024 * 1024;

const CASES = Number(process.env['GLANCE_RETYPE_FUZZ_CASES'] ?? 33_000) / 5;

const { samples } = await corpusForTests();

/** "LUKS2 On-Disk Format Specification" 1.1.1, "Binary header", at 128 KiB; zeros before it. */
function wipedLuks(): Uint8Array {
  const bytes = Buffer.alloc(600_000);
  const at = 0x2_0000;
  bytes.write('SKUL\xba\xbe\0\x02', at, 'latin1');
  bytes.writeBigUInt64BE(BigInt(at), at + 8);
  bytes.writeBigUInt64BE(BigInt(at), at + 256);
  return bytes;
}

/** QEMU docs/interop/qcow2.rst: clusters of 256 KiB; header, L1 table, refcount table; two extensions. */
function longExtension(): Uint8Array {
  const [cluster, header, length] = [0x4_0000, 104, 90_000];
  const bytes = Buffer.alloc(3 * cluster);
  bytes.write('QFI\xfb', 'latin1');
  bytes.writeUInt32BE(3, 4);
  bytes.writeUInt32BE(18, 20);
  bytes.writeBigUInt64BE(1_048_576n, 24);
  bytes.writeUInt32BE(1, 36);
  bytes.writeBigUInt64BE(BigInt(cluster), 40);
  bytes.writeBigUInt64BE(BigInt(2 * cluster), 48);
  bytes.writeUInt32BE(1, 56);
  bytes.writeUInt32BE(4, 96);
  bytes.writeUInt32BE(header, 100);
  bytes.writeUInt32BE(0x1234_5678, header);
  bytes.writeUInt32BE(length, header + 4);
  bytes.writeUInt32BE(0x4441_5441, header + 8 + length);
  bytes.writeUInt32BE(8, header + 8 + length + 4);
  return bytes;
}

function longDescriptor(): Uint8Array {
  const text = `# Disk DescriptorFile\nversion=1\ncreateType="monolithicFlat"\n${'# nothing\n'.repeat(10_000)}`;
  return Buffer.from(`${text}\0RW 1 FLAT "x" 0\n`, 'latin1');
}

function near(bytes: Uint8Array): ByteSource {
  return { ...memorySource(bytes), distance: 'near' };
}

/** In what the two verdicts differ but for their cost; a near source never takes many more requests. */
async function differences(name: string, bytes: Uint8Array, part: Partial<Budget> = {}): Promise<readonly string[]> {
  const budget = { ...DEFAULT_BUDGET, ...part };
  const far = await probe(memorySource(bytes), budget);
  const close = await probe(near(bytes), budget);
  const faults: string[] = [];
  if (text(far) !== text(close)) faults.push(`${name}: ${text(far)} is ${text(close)}`);
  if (close.cost.requests > far.cost.requests + 6) faults.push(`${name}: ${close.cost.requests} requests`);
  return faults;
}

function text(verdict: Verdict): string {
  return JSON.stringify({ ...verdict, cost: null });
}

describe.runIf(CORPUS_WANTED)('what is near is judged as what is far', () => {
  const small = samples.filter(({ file }) => statSync(file).size <= LARGEST);

  it('all of the corpus', async () => {
    expect(small.length).toBeGreaterThan(300);
    const different: string[] = [];
    for (const { name, file } of small) different.push(...(await differences(name, readFileSync(file))));
    expect(different).toEqual([]);
  });

  it('costs the window and the end of the file, half of the corpus at the most that', async () => {
    const costs: number[] = [];
    for (const { file } of small) costs.push((await probe(near(readFileSync(file)))).cost.bytes);
    expect(costs.toSorted((a, b) => a - b)[costs.length >> 1]).toBeLessThanOrEqual(FIRST_STEP + 4096);
  });

  it('the corpus with budgets that do not suffice', async () => {
    const different: string[] = [];
    for (const { name, file } of small) {
      const bytes = readFileSync(file);
      for (const requests of [1, 2, 3]) different.push(...(await differences(name, bytes, { requests })));
      for (const limit of [HEAD_LENGTH - 1, HEAD_LENGTH, HEAD_LENGTH + 70_000]) {
        different.push(...(await differences(name, bytes, { bytes: limit })));
      }
    }
    expect(different).toEqual([]);
  });
});

describe('damaged files', () => {
  it('are judged alike, near and far', { timeout: 600_000 }, async () => {
    const seed = chosenSeed();
    const random = randomOf(seed);
    const from = makeSamples();
    for (let index = 0; index < CASES; index += 1) {
      const { bytes, what, restore } = damage(random, from);
      const different = await differences(`seed ${seed}, case ${index}, ${what}`, bytes);
      restore();
      if (different.length > 0) expect.fail(different[0]);
    }
  });
});

describe('what lies far inside the head', () => {
  it.each([
    ['the second header of a LUKS volume whose first is wiped', wipedLuks(), 'HEADERS_DISAGREE'],
    ['the name of a data file behind a long extension of qcow2', longExtension(), 'EXTERNAL_DATA_FILE'],
    ['a NUL behind the long text of a VMDK descriptor', longDescriptor(), 'SMUGGLED_DESCRIPTOR'],
  ] as const)('%s is found', async (name, bytes, code) => {
    expect((await probe(near(bytes))).safety).toContain(code);
    expect(await differences(name, bytes)).toEqual([]);
  });
});
