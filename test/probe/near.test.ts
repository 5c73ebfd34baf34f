import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import type { Verdict } from '../../src/model/verdict.ts';
import { DEFAULT_BUDGET, type Budget } from '../../src/probe/reading/budget.ts';
import { HEAD_LENGTH } from '../../src/probe/reading/file-head.ts';
import { FIRST_STEP } from '../../src/probe/reading/layer.ts';
import { perform } from '../../src/probe/perform/perform.ts';
import { probe } from '../../src/probe/probe.ts';
import { type Reading, readUpTo } from '../../src/probe/reading/reading.ts';
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

describe('the head of a near source', () => {
  const bytes = Uint8Array.from({ length: 600_000 }, (_, index) => (index * 7 + (index >> 8)) & 0xff);

  it('is read as far as it is asked for, each page once, and comes out whole', async () => {
    const source = near(bytes);
    const places = [
      [0, 100],
      [100_000, 8],
      [97_000, 3000],
      [300_000, 70_000],
      [305_000, 10],
    ] as const;
    expect(await perform(allOf(places), source)).toEqual(places.map(([at, length]) => bytes.slice(at, at + length)));
    // 72 KiB; a page; the page before it; eighteen pages; nothing.
    expect(source.cost()).toEqual({ requests: 4, bytes: 73_728 + 4096 + 4096 + 18 * 4096 });
  });

  it('comes as a whole once many pieces of it were asked for, and goes on behind it', async () => {
    const source = near(bytes);
    const places = Array.from({ length: 20 }, (_, index) => [80_000 + index * 20_000, 16] as const);
    const across = [HEAD_LENGTH - 8, 16] as const;
    const given = await perform(allOf([...places, across]), source);
    expect(given).toEqual([...places, across].map(([at, length]) => bytes.slice(at, at + length)));
    expect(source.cost().requests).toBeLessThanOrEqual(7);
  });

  it('ends where the source was cut after its size was told', async () => {
    const inner = near(bytes.subarray(0, 90_000));
    const source: ByteSource = { ...inner, size: () => bytes.length };
    const given = await perform(
      allOf([
        [0, 100],
        [80_000, 20_000],
        [95_000, 10],
        [HEAD_LENGTH + 10, 10],
      ]),
      source,
    );
    expect(given.map(({ length }) => length)).toEqual([100, 10_000, 0, 0]);
  });
});

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

function* allOf(places: readonly (readonly [offset: number, length: number])[]): Reading<readonly Uint8Array[]> {
  const given: Uint8Array[] = [];
  // Copied, because a later piece must not disturb an earlier one.
  for (const [offset, length] of places) given.push(new Uint8Array(yield* readUpTo(offset, length)));
  return given;
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
