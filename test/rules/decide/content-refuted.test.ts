import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

import { type Decision, isDecided } from '../../../src/model/decision.ts';
import { REFUTABLE_FORMATS, type RefutableFormat, type Verdict } from '../../../src/model/verdict.ts';
import type { Envelope } from '../../../src/model/vocabulary.ts';
import { decide, evidence, outcomeText, typed, untyped } from '../evidence-builder.ts';

const golden = readFileSync(new URL('tuples.golden.tsv', import.meta.url), 'utf8');
const tuples = golden
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t').slice(0, 2))
  .filter((words) => words.every((word) => /^[a-z0-9-]+$/u.test(word)) || words.includes('NULL'))
  .map((words) => words.map((word) => (word === 'NULL' ? null : word)));

const CERTAINTIES = ['certain', 'likely', 'weak', 'undetermined', 'contested'] as const;
const CONTAINERS = ['raw', 'qcow2', 'vhd', null] as const;
const WRAPPERS: readonly (Envelope | null)[] = [null, 'compressed', 'tgz', 'ova'];
const REFUTES: readonly (readonly RefutableFormat[])[] = [[], ['iso', 'vmdk'], REFUTABLE_FORMATS];

interface Seen {
  readonly disk: string | null;
  readonly verdict: Verdict;
  readonly before: Decision;
  readonly after: Decision;
  readonly name: string;
}

/**
 * Every pair of words beside every conceivable verdict: certainty, container, envelope, what is refuted, and how far was
 * read.
 */
function* matrix(): Generator<Seen> {
  for (const [disk = null, container = null] of tuples) {
    const before = decide(evidence(disk, container));
    for (const certainty of CERTAINTIES) {
      for (const containerType of CONTAINERS) {
        for (const envelope of WRAPPERS) {
          for (const refutes of REFUTES) {
            for (const reach of ['whole', 'cut'] as const) {
              const rest = { envelope, reach, refutes: refutes.filter((format) => format !== containerType) };
              const isTyped = certainty === 'certain' || certainty === 'likely' || certainty === 'weak';
              if (isTyped && containerType === null) continue;
              const { content } =
                isTyped && containerType !== null
                  ? typed('disk', containerType, certainty, rest)
                  : untyped(containerType, 'not recognised', {
                      ...rest,
                      state: certainty === 'contested' ? certainty : 'open',
                    });
              if (content.kind !== 'read') continue;
              const after = decide(evidence(disk, container, { content }));
              const name = `${disk},${container} ${certainty} ${containerType} ${envelope} ${rest.refutes.join()} ${reach}: ${outcomeText(after)} ${after.findings.join()}`;
              yield { disk, verdict: content.verdict, before, after, name };
            }
          }
        }
      }
    }
  }
}

function envelopesOf(decision: Decision): readonly (Envelope | null)[] {
  if (isDecided(decision)) return [decision.classification.envelope];
  if (decision.status === 'ambiguous') return decision.candidates.map(({ envelope }) => envelope);
  return decision.status === 'unmappable' ? [decision.envelope] : [];
}

const all = [...matrix()];
const broken = (rule: (seen: Seen) => boolean) =>
  all
    .filter((seen) => !rule(seen))
    .map(({ name }) => name)
    .slice(0, 5);
const isRefuted = ({ disk, verdict }: Seen) => verdict.refutes.some((format) => format === disk);

it('a refuted declaration is never decided, is reported, and is no candidate', () => {
  const refuted = all.filter(isRefuted);
  expect(refuted.length).toBeGreaterThan(2_000);
  expect(
    broken((seen) => {
      if (!isRefuted(seen)) return true;
      const { after, verdict } = seen;
      if (after.status !== 'ambiguous' || !after.findings.includes('CONTENT_MISMATCH')) return false;
      return after.candidates.every((one) => !verdict.refutes.some((format) => format === one.containerType));
    }),
  ).toEqual([]);
});

it('nothing is exact without proof: neither weak bytes nor bytes without a type make a row exact', () => {
  expect(
    broken(({ verdict, before, after }) => {
      if (after.status !== 'exact' || before.status === 'exact') return true;
      return verdict.confidence === 'certain' && !verdict.safety.includes('POLYGLOT');
    }),
  ).toEqual([]);
});

it('a verdict without a type never turns an answer of the row into another type', () => {
  expect(
    broken(({ verdict, before, after }) => {
      if (verdict.imageType !== null || !isDecided(before) || !isDecided(after)) return true;
      return before.classification.imageType === after.classification.imageType;
    }),
  ).toEqual([]);
});

it('nothing differs from what is declared unless it was read: another container, envelope or type, or a missing signature', () => {
  expect(
    broken((seen) => {
      const { verdict, before, after } = seen;
      if (!after.findings.includes('CONTENT_MISMATCH') || isRefuted(seen)) return true;
      const declared = envelopesOf(before);
      const wrapped = verdict.envelope !== null || declared.some((envelope) => envelope !== null);
      const isFirm = verdict.confidence === 'certain' || verdict.confidence === 'likely';
      return isFirm || wrapped || verdict.containerBasis === 'proven';
    }),
  ).toEqual([]);
});

it('a fixed VHD whose end was not seen is not called raw, nor proven', () => {
  expect(
    broken(({ disk, verdict, after }) => {
      const isOpen = verdict.reach === 'cut' && verdict.containerType === 'raw';
      if (disk !== 'vhd' || !isOpen || !isDecided(after) || after.classification.imageType === 'other') return true;
      return after.classification.containerType === 'vhd' && after.status === 'inferred';
    }),
  ).toEqual([]);
});
