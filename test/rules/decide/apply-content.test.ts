import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { type Decision, isDecided } from '../../../src/model/decision.ts';
import { SAFETY } from '../../../src/model/safety.ts';
import type { ContentEvidence, Verdict } from '../../../src/model/verdict.ts';
import {
  asKernel,
  decide,
  evidence,
  type Example,
  liveKernel,
  outcomeText,
  typed,
  untyped,
} from '../evidence-builder.ts';

const golden = readFileSync(new URL('tuples.golden.tsv', import.meta.url), 'utf8');
const tuples = golden
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t').slice(0, 2).map(stored));

function stored(word: string): string | null {
  if (word === 'NULL') return null;
  if (word === "''") return '';
  return word === '<unknown>' ? 'no-such-word' : word;
}

/** Every kind of verdict that the prober gives. */
const VERDICTS: readonly (Example & { readonly content: ContentEvidence })[] = [
  typed('disk', 'raw', 'certain'),
  typed('disk', 'raw', 'likely'),
  typed('disk', 'qcow2', 'certain'),
  typed('disk', 'vhd', 'certain', { envelope: 'xenserver-tgz' }),
  typed('disk', 'vmdk', 'likely', { envelope: 'ova' }),
  typed('disk', 'qcow2', 'certain', { safety: ['UNKNOWN_FEATURE_BITS'] }),
  typed('filesystem', 'raw', 'certain'),
  typed('filesystem', 'raw', 'certain', { alsoReadAs: ['iso9660'] }),
  typed('filesystem', 'raw', 'likely', { alsoReadAs: ['ramdisk'], envelope: 'compressed' }),
  typed('filesystem', 'raw', 'weak'),
  typed('filesystem', 'qcow2', 'weak'),
  typed('iso9660', 'raw', 'certain'),
  typed('kernel', 'raw', 'certain'),
  typed('kernel', 'raw', 'weak'),
  typed('ramdisk', 'raw', 'likely'),
  typed('other', 'raw', 'certain', { envelope: 'docker' }),
  untyped('raw', 'blank'),
  untyped('raw', 'not recognised'),
  untyped('raw', 'blank', { envelope: 'compressed' }),
  untyped('qcow2'),
  untyped('vmdk', 'needs a parent file', { safety: ['PARENT_NEEDED'] }),
  untyped('qcow2', 'needs a backing file', { safety: ['BACKING_FILE'] }),
  untyped('luks', 'encrypted', { safety: ['ENCRYPTED_CONTENT'] }),
  untyped(null, 'empty'),
  untyped(null, 'two formats at once', { safety: ['POLYGLOT'] }),
];

/** What else an image may have: nothing, or one strong fact. */
const FACTS: readonly Example[] = [
  {},
  liveKernel,
  { referencedBy: asKernel },
  { properties: { type: 'vhd' } },
  { properties: { image_type: 'snapshot' } },
  { properties: { cinder_encryption_key_id: 'k' } },
];

interface Compared {
  readonly name: () => string;
  readonly verdict: Verdict;
  readonly fact: Example;
  readonly before: Decision;
  readonly after: Decision;
}

function* compare(): Generator<Compared> {
  for (const [disk = null, container = null] of tuples) {
    for (const fact of FACTS) {
      const before = decide(evidence(disk, container, fact));
      for (const { content } of VERDICTS) {
        if (content.kind !== 'read') continue;
        const { verdict } = content;
        const after = decide(evidence(disk, container, { ...fact, content }));
        const name = () =>
          `${disk},${container} ${JSON.stringify(fact)} ${outcomeText(before)} + ${verdict.imageType}/${verdict.containerType} ${verdict.confidence} = ${after.rule} ${outcomeText(after)}`;
        yield { name, verdict, fact, before, after };
      }
    }
  }
}

const all = [...compare()];

/** The names of all that break a rule, and how many were looked at. */
function broken(rule: (pair: Compared) => 'not meant' | 'kept' | 'broken') {
  const faults: string[] = [];
  let looked = 0;
  for (const pair of all) {
    const judged = rule(pair);
    if (judged === 'not meant') continue;
    looked += 1;
    if (judged === 'broken') faults.push(pair.name());
  }
  return { faults: faults.slice(0, 5), looked };
}

const verdictOf = (fine: boolean) => (fine ? 'kept' : 'broken');
const typeOf = (decision: Decision) => (isDecided(decision) ? decision.classification.imageType : null);
const isUnsafe = (verdict: Verdict) => verdict.safety.some((code) => SAFETY[code].severity === 'error');

describe('for every tuple, every kind of verdict and every strong fact', () => {
  it('a decided type is that of firm content, in its container, unless a declaration chooses among its readings', () => {
    const { faults, looked } = broken(({ verdict, after }) => {
      if (verdict.confidence !== 'certain' && verdict.confidence !== 'likely') return 'not meant';
      if (!isDecided(after)) return 'not meant';
      const types = [verdict.imageType, ...verdict.alsoReadAs];
      const { imageType, containerType } = after.classification;
      return verdictOf(types.includes(imageType) && containerType === verdict.containerType);
    });
    expect(faults).toEqual([]);
    expect(looked).toBeGreaterThan(15_000);
  });

  it('certain content without a contradiction decides, and exactly', () => {
    const { faults, looked } = broken(({ verdict, fact, after }) => {
      if (verdict.confidence !== 'certain' || isUnsafe(verdict)) return 'not meant';
      const types = [verdict.imageType, ...verdict.alsoReadAs];
      const kernel = (fact.referencedBy?.asKernel ?? 0) > 0 && !types.includes('kernel');
      const ramdisk = (fact.referencedBy?.asRamdisk ?? 0) > 0 && !types.includes('ramdisk');
      const expected = kernel || ramdisk ? 'ambiguous' : 'exact';
      return verdictOf(after.status === expected);
    });
    expect(faults).toEqual([]);
    expect(looked).toBeGreaterThan(10_000);
  });

  it('blank, unknown and unread content never turns a decided row into another type, nor an undecided one into exact', () => {
    const { faults, looked } = broken(({ verdict, before, after }) => {
      if (verdict.confidence !== 'undetermined' || verdict.containerType === 'luks') return 'not meant';
      const changed = typeOf(before) !== null && typeOf(after) !== null && typeOf(before) !== typeOf(after);
      return verdictOf(!changed && !(after.status === 'exact' && before.status !== 'exact'));
    });
    expect(faults).toEqual([]);
    expect(looked).toBeGreaterThan(10_000);
  });

  it('bytes in which no magic was found leave a decided row exactly as it is, but for the status', () => {
    const { faults, looked } = broken(({ verdict, before, after }) => {
      const bare = verdict.containerBasis === 'assumed' && verdict.envelope === null && !isUnsafe(verdict);
      if (verdict.confidence !== 'undetermined' || !bare || !isDecided(before)) return 'not meant';
      return verdictOf(
        isDecided(after) && JSON.stringify(after.classification) === JSON.stringify(before.classification),
      );
    });
    expect(faults).toEqual([]);
    expect(looked).toBeGreaterThan(1_000);
  });

  it('content that agrees never makes a decided row undecided, nor less sure', () => {
    const { faults, looked } = broken(({ verdict, before, after }) => {
      if (!isDecided(before) || isUnsafe(verdict)) return 'not meant';
      const { imageType, containerType, envelope } = before.classification;
      const alike = [containerType, null].includes(verdict.containerType) && verdict.envelope === envelope;
      if (!alike || ![imageType, null].includes(verdict.imageType)) return 'not meant';
      // LUKS without a key is open by its own rule, whatever the words say.
      if (containerType === 'luks') return 'not meant';
      return verdictOf(typeOf(after) === imageType && (before.status === 'inferred' || after.status === 'exact'));
    });
    expect(faults).toEqual([]);
    expect(looked).toBeGreaterThan(800);
  });

  it('a weak sign never turns a decided row into another type, nor makes anything exact', () => {
    const { faults, looked } = broken(({ verdict, before, after }) => {
      if (verdict.confidence !== 'weak') return 'not meant';
      const changed = typeOf(before) !== null && typeOf(after) !== null && typeOf(before) !== typeOf(after);
      return verdictOf(!changed && !(after.status === 'exact' && before.status !== 'exact'));
    });
    expect(faults).toEqual([]);
    expect(looked).toBeGreaterThan(4_000);
  });

  it('the declared answer and the found one are both there where danger makes a contradiction', () => {
    const { faults, looked } = broken(({ verdict, before, after }) => {
      if (after.rule !== 'CONTENT-UNSAFE' || after.status !== 'ambiguous') return 'not meant';
      const containers = new Set(after.candidates.map((candidate) => candidate.containerType));
      const declared = isDecided(before) ? [before.classification] : [];
      const kept = declared.every((classification) =>
        after.candidates.some((one) => JSON.stringify(one) === JSON.stringify(classification)),
      );
      const findings = ['CONTENT_MISMATCH', 'UNSAFE_CONTENT'] as const;
      return verdictOf(
        kept &&
          (verdict.containerType === null || containers.has(verdict.containerType)) &&
          findings.every((code) => after.findings.includes(code)),
      );
    });
    expect(faults).toEqual([]);
    expect(looked).toBeGreaterThan(1_000);
  });

  it('content never puts a kernel or ramdisk into a virtual disk where the row alone does not', () => {
    const { faults, looked } = broken(({ after, before }) => {
      const inDisk = (decision: Decision) =>
        isDecided(decision) &&
        (decision.classification.imageType === 'kernel' || decision.classification.imageType === 'ramdisk') &&
        decision.classification.containerType !== 'raw';
      return isDecided(after) ? verdictOf(!inDisk(after) || inDisk(before)) : 'not meant';
    });
    expect(faults).toEqual([]);
    expect(looked).toBeGreaterThan(15_000);
  });

  it('content of which the services see nothing changes nothing of what they do', () => {
    // What helps depends on the type that is decided: a kernel is never converted, and as a kernel it is not looked at.
    const verdicts = ({ services }: Decision) =>
      JSON.stringify(
        services.map(({ service, verdict }) => [
          service,
          verdict.kind === 'refused'
            ? { ...verdict, why: verdict.why.replace(/; as the .* not looked at$/u, ''), remedies: [] }
            : verdict,
        ]),
      );
    const { faults, looked } = broken(({ before, after }) => {
      const same = before.novaToday === after.novaToday && verdicts(before) === verdicts(after);
      return before.status === 'not-applicable' ? 'not meant' : verdictOf(same);
    });
    expect(faults).toEqual([]);
    expect(looked).toBeGreaterThan(10_000);
  });

  it('the answer of the row itself, found in the bytes, keeps every decided row decided and at least as sure', () => {
    const faults: string[] = [];
    let looked = 0;
    for (const [disk = null, container = null] of tuples) {
      for (const fact of FACTS) {
        const before = decide(evidence(disk, container, fact));
        if (!isDecided(before)) continue;
        const { imageType, containerType, envelope } = before.classification;
        const rest = { envelope };
        const agreeing = [
          ...(['certain', 'likely', 'weak'] as const).map((sure) => typed(imageType, containerType, sure, rest)),
          ...(containerType === 'luks' ? [] : [untyped(containerType, 'blank', rest)]),
        ];
        for (const content of agreeing) {
          const after = decide(evidence(disk, container, { ...fact, ...content }));
          looked += 1;
          const kept =
            isDecided(after) && outcomeText(after).replace(/^\w+ /, '') === outcomeText(before).replace(/^\w+ /, '');
          const fine = kept && (before.status === 'inferred' || after.status === 'exact');
          // A role in a virtual disk is contradicted by firm content of no kind; XenServer's name for a tar.gz is as good as tgz.
          if (!fine || after.findings.includes('CONTENT_MISMATCH')) {
            faults.push(
              `${disk},${container} ${JSON.stringify(fact)} ${outcomeText(before)} = ${outcomeText(after)} ${after.findings.join()}`,
            );
          }
        }
      }
    }
    expect(faults.slice(0, 5)).toEqual([]);
    expect(looked).toBeGreaterThan(2_000);
  });
});
