import { open } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { Sample } from '../../scripts/corpus/build.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { HEAD_LENGTH, type FileHead, WINDOW_LENGTH, fieldsOf } from '../../src/probe/reading/fields.ts';
import { CONTAINER_FORMATS } from '../../src/probe/containers/containers.ts';
import { perform } from '../../src/probe/perform/perform.ts';
import { DEFAULT_BUDGET } from '../../src/probe/reading/budget.ts';
import { probe } from '../../src/probe/probe.ts';
import { type Reading, readUpTo } from '../../src/probe/reading/reading.ts';
import { openFile } from '../../src/probe/sources/file/file.ts';
import { readTail } from '../../src/probe/tail.ts';
import { CORPUS_WANTED, corpusForTests } from '../support/images/corpus.ts';
import { memorySource } from '../support/images/memory-source.ts';

const { samples } = await corpusForTests();
const containers = samples.filter(({ guestBase }) => guestBase !== null);

/** Cut where headers end, where tables lie, and within the window of contents. */
const CUTS = [0, 1, 511, 512, 1024, 4096, 33_000, 66_000];

describe.runIf(CORPUS_WANTED)('images made by real programs, and hostile ones', () => {
  const confusion = new Map<string, string[]>();
  const wrong: string[] = [];

  afterAll(() => {
    if (wrong.length === 0) return;
    const lines = [...confusion].map(
      ([pair, names]) => `${pair}: ${String(names.length)} (${names.slice(0, 4).join(', ')})`,
    );
    process.stdout.write(
      `label > verdict, for the ${String(wrong.length)} of ${String(samples.length)} that failed:\n${lines.join('\n')}\n`,
    );
  });

  it.each(samples.map((sample) => [sample.name, sample] as const))('%s', async (_name, sample) => {
    const verdict = await probeFile(sample.file);
    const faults = faultsOf(sample, verdict);
    if (faults.length > 0) {
      wrong.push(sample.name);
      const pair = `${words(sample.label)} > ${words(verdict)}`;
      confusion.set(pair, [...(confusion.get(pair) ?? []), sample.name]);
    }
    expect(faults, JSON.stringify(verdict, null, 1)).toEqual([]);
  });
});

describe.runIf(CORPUS_WANTED)('the guest of a container, byte for byte', () => {
  it.each(containers.map((sample) => [sample.name, sample] as const))(
    '%s',
    async (_name, { file, label, guestBase }) => {
      const guest = await guestWindow(file);
      const base = (await beginning(guestBase ?? '', WINDOW_LENGTH)).subarray(0, WINDOW_LENGTH);
      expect(guest.containerType).toBe(label.containerType);
      // Formats of whole blocks pad a guest that ends within one.
      expect(guest.bytes.length).toBeGreaterThanOrEqual(base.length);
      expect(firstDifference(guest.bytes.subarray(0, base.length), base)).toBe(-1);
      expect(guest.bytes.subarray(base.length).every((byte) => byte === 0)).toBe(true);
    },
  );
});

describe.runIf(CORPUS_WANTED)('every image cut short', () => {
  it.each(samples.map((sample) => [sample.name, sample] as const))('%s', async (_name, sample) => {
    const whole = await beginning(sample.file, Math.max(...CUTS));
    const faults: string[] = [];
    for (const length of CUTS) {
      if (length >= whole.length) continue;
      const verdict = await probe(memorySource(whole.subarray(0, length)));
      faults.push(...faultsOfCut(sample, verdict).map((fault) => `${String(length)} bytes: ${fault}`));
    }
    expect(faults).toEqual([]);
  });
});

async function probeFile(file: string): Promise<Verdict> {
  const source = await openFile(file);
  try {
    return await probe(source);
  } finally {
    await source.close();
  }
}

/** In what the verdict contradicts the label, for a person; empty where in nothing. */
function faultsOf({ name, label }: Sample, verdict: Verdict): readonly string[] {
  const faults: string[] = [];
  if (verdict.imageType === null) {
    if (label.imageType !== null && label.mayBeUndetermined === null) {
      faults.push(`no type is named (${verdict.why}), but it is ${label.imageType}`);
    }
  } else if (verdict.imageType !== label.imageType) {
    faults.push(`called ${verdict.imageType} (${verdict.confidence}), but it is ${String(label.imageType)}`);
  } else if (!label.confidences.includes(verdict.confidence)) {
    faults.push(`${verdict.confidence}, but it should be ${label.confidences.join(' or ')}`);
  } else {
    const missing = label.alsoReadAs.filter((type) => !verdict.alsoReadAs.includes(type));
    if (missing.length > 0) faults.push(`could also be read as ${missing.join(', ')}`);
  }
  const allowed = verdict.imageType === null ? label.undeterminedAs : [label];
  const fits = allowed.some(
    ({ containerType, envelope }) => verdict.containerType === containerType && verdict.envelope === envelope,
  );
  // A magic alone before noise may be taken for a damaged container of its kind.
  if (!fits && !name.startsWith('hostile/magic-')) faults.push(`${words(verdict)}, but it is ${words(label)}`);
  for (const code of label.mustHaveSafety) {
    if (!verdict.safety.includes(code)) faults.push(`${code} is not reported`);
  }
  for (const code of verdict.safety) {
    if (![...label.mustHaveSafety, ...label.mayHaveSafety].includes(code)) faults.push(`${code} is a false alarm`);
  }
  if (verdict.cost.requests > DEFAULT_BUDGET.requests || verdict.cost.bytes > DEFAULT_BUDGET.bytes) {
    faults.push(`cost ${String(verdict.cost.requests)} requests, ${String(verdict.cost.bytes)} bytes`);
  }
  return faults;
}

/** What is left of a file may say less than all of it, or a little that is true; it must not say something else with certainty. */
function faultsOfCut({ name, label }: Sample, verdict: Verdict): readonly string[] {
  if (verdict.imageType === null || verdict.imageType === label.imageType) return [];
  // What is cut off may be the other half of the contradiction.
  if (name.startsWith('hostile/polyglot-')) return [];
  return verdict.confidence === 'certain'
    ? [`called ${verdict.imageType} with certainty, but it is ${String(label.imageType)}`]
    : [];
}

function words(answer: Pick<Verdict, 'imageType' | 'containerType' | 'envelope'>): string {
  return [answer.imageType, answer.containerType, answer.envelope].map((word) => word ?? '-').join('/');
}

interface GuestWindow {
  readonly containerType: string;
  readonly bytes: Uint8Array;
}

/** The first guest bytes as the one container format that recognises the file, or its last sector, reads them. */
async function guestWindow(file: string): Promise<GuestWindow> {
  const source = await openFile(file);
  try {
    return await perform(readGuest(source.size()), source);
  } finally {
    await source.close();
  }
}

function* readGuest(size: number | null): Reading<GuestWindow> {
  const file: FileHead = { head: fieldsOf(yield* readUpTo(0, HEAD_LENGTH)), size };
  const [format, ...others] = CONTAINER_FORMATS.filter(({ recognise }) => recognise(file) !== null);
  if (others.length > 0) throw new Error('more than one container format recognises the file');
  const tail = yield* readTail(file);
  const opened = format !== undefined ? yield* format.open(file) : 'opened' in tail ? tail.opened : null;
  // The extent of a flat VMDK is a raw image.
  if (opened === null) return { containerType: 'raw', bytes: file.head.bytes.subarray(0, WINDOW_LENGTH) };
  if (opened.guest.kind === 'closed') throw new Error(`closed: ${opened.guest.why}`);
  return { containerType: opened.containerType, bytes: yield* opened.guest.read(0, WINDOW_LENGTH) };
}

async function beginning(file: string, length: number): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function firstDifference(left: Uint8Array, right: Uint8Array): number {
  return left.findIndex((byte, index) => byte !== right[index]);
}
