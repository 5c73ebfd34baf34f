import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Decision, Classification } from '../../../src/model/decision.ts';
import { FINDING_CODES } from '../../../src/model/finding.ts';
import { EVIDENCE_PROPERTIES, type ImageEvidence } from '../../../src/model/image.ts';
import { CONTAINER_TYPES, DISPOSITIONS, ENVELOPES, IMAGE_TYPES } from '../../../src/model/vocabulary.ts';
import { createDecider } from '../../../src/rules/decide/decider.ts';
import { isReferring, observe } from '../../../src/rules/decide/observation.ts';
import { ruleIds } from '../../../src/rules/table/rule-table.ts';
import { anyImage, probedImage, property, strongImage, strongProperty, target } from '../any-image.ts';
import { asKernel, asRamdisk, decide, outcomeText, rowsOf, table, predict } from '../evidence-builder.ts';
import { runs } from '../../support/effort.ts';

const RUNS = runs(10_000);

/** Enough for the rare answers that are counted. */
const MONOTONE_RUNS = { numRuns: Math.max(RUNS.numRuns, 5_000) };
const ids: ReadonlySet<string> = new Set(ruleIds(table));

function isClassification({ imageType, containerType, envelope }: Classification): boolean {
  return (
    IMAGE_TYPES.includes(imageType) &&
    CONTAINER_TYPES.includes(containerType) &&
    (envelope === null || ENVELOPES.includes(envelope))
  );
}

function classificationsOf(decision: Decision): readonly Classification[] {
  if (decision.status === 'ambiguous') return decision.candidates;
  return decision.status === 'exact' || decision.status === 'inferred' ? [decision.classification] : [];
}

/** Everything that is wrong with a decision. One text, because an `expect` for each check takes most of the time. */
function faultsOf(decision: Decision): string {
  const classifications = classificationsOf(decision);
  const distinct = new Set(classifications.map((classification) => JSON.stringify(classification))).size;
  const codes = [...new Set(decision.findings)].toSorted();
  const checks: readonly (readonly [string, boolean])[] = [
    ['a word outside the vocabulary', classifications.every(isClassification)],
    ['a repeated candidate', distinct === classifications.length],
    ['fewer than two candidates', decision.status !== 'ambiguous' || distinct >= 2],
    ['no such rule', rowsOf(decision).every((id) => ids.has(id))],
    ['no reason', decision.reason !== ''],
    ['no evidence', decision.evidence.length > 0],
    ['no such finding', codes.every((code) => FINDING_CODES.includes(code))],
    ['findings unsorted or repeated', codes.join() === decision.findings.join()],
    ['no such disposition', DISPOSITIONS.includes(decision.novaToday)],
  ];
  return checks.flatMap(([fault, fine]) => (fine ? [] : [fault])).join('; ');
}

const decidedType = (decision: Decision) =>
  decision.status === 'exact' || decision.status === 'inferred' ? decision.classification.imageType : null;

describe('for every conceivable row', () => {
  it('there is exactly one valid decision, and it is explained', () => {
    fc.assert(
      fc.property(probedImage, (image) => {
        expect(faultsOf(decide(image))).toBe('');
      }),
      RUNS,
    );
  });

  it('the decision depends on the row alone: equal again and from another decider, any order of properties; shared unless it names images', () => {
    const other = createDecider(table, predict);
    fc.assert(
      fc.property(probedImage, (image) => {
        const decision = decide(image);
        const turned = { ...image, properties: new Map([...image.properties].toReversed()) };
        const again = decide({ ...turned, image: { ...image.image, id: 'another', owner: 'another' } });
        expect(again === decision || isReferring(observe(image))).toBe(true);
        expect(JSON.stringify(again)).toBe(JSON.stringify(decision));
        expect(JSON.stringify(other(image))).toBe(JSON.stringify(decision));
      }),
      RUNS,
    );
  });

  it('case and blanks around a word change nothing but the finding and the status exact', () => {
    const loud = fc.constantFrom<(text: string) => string>(
      (text) => ` ${text}`,
      (text) => `${text}\t\n`,
      (text) => text.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase()),
    );
    fc.assert(
      fc.property(probedImage, loud, (image, change) => {
        const { diskFormat } = image.image;
        const changed = {
          ...image,
          image: { ...image.image, diskFormat: diskFormat === null ? '  ' : change(diskFormat) },
        };
        const [plain, folded] = [decide(image), decide(changed)];
        const uncapped = (decision: Decision) => outcomeText(decision).replace('exact', 'inferred');
        expect(uncapped(folded)).toBe(uncapped(plain));
        expect(folded.rule).toBe(plain.rule);
      }),
      RUNS,
    );
  });

  it('no id, name, owner, location or credential gets into a decision, other than ids of kernels and referrers', () => {
    const secret = 's3cr3t';
    fc.assert(
      fc.property(probedImage, fc.constantFrom(...EVIDENCE_PROPERTIES), (image, name) => {
        const told = {
          ...image,
          image: { ...image.image, id: secret, name: `${secret}.iso`, owner: secret },
          properties: new Map([...image.properties, [name, `http://u:${secret}@host/x.iso`]]),
          lostProperties: new Map([...image.lostProperties, [name, secret]]),
          kernel: { kind: 'missing', id: `http://u:${secret}@host/x` } as const,
        };
        expect(JSON.stringify(decide(told))).not.toContain(secret);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('evidence is monotone', () => {
  /** What gives way without a contradiction: a snapshot mark to all others, type=raw to a kernel. */
  const yields = (rule: string, to: string) =>
    ((rule === 'SNAPSHOT' || rule === 'SNAPSHOT-LOST') && !['REF-KERNEL', 'REF-RAMDISK'].includes(to)) ||
    (rule === 'TYPE-RAW' && ['OWN-KERNEL', 'OWN-KERNEL-DANGLING', 'KERNEL-AND-RAW'].includes(to));
  const tupleRules = new Set(table.tuples.map((row) => row.id));

  const fact = fc.oneof<fc.Arbitrary<(image: ImageEvidence) => ImageEvidence>[]>(
    fc.oneof(property, strongProperty, strongProperty).map(([name, value]) => (image) => ({
      ...image,
      properties: image.properties.has(name) ? image.properties : new Map([...image.properties, [name, value]]),
    })),
    property.map(([name, value]) => (image) => ({
      ...image,
      lostProperties: image.lostProperties.has(name)
        ? image.lostProperties
        : new Map([...image.lostProperties, [name, value]]),
    })),
    target.map((kernel) => (image) => (image.kernel.kind === 'absent' ? { ...image, kernel } : image)),
    fc.constantFrom(asKernel, asRamdisk).map((by) => (image) => ({ ...image, referencedBy: image.referencedBy ?? by })),
  );

  it('one more fact never turns an exact answer, or one that rests on evidence, into another type', () => {
    let flips = 0;
    let kept = 0;
    fc.assert(
      fc.property(fc.oneof(anyImage, strongImage, strongImage), fact, (image, add) => {
        const [before, after] = [decide(image), decide(add(image))];
        const [was, is] = [decidedType(before), decidedType(after)];
        const protectedAnswer = before.status === 'exact' || (was !== null && !tupleRules.has(before.rule));
        if (!protectedAnswer || is === null) return;
        kept += 1;
        if (is === was) return;
        flips += 1;
        const claims = rowsOf(before).filter((id) => !tupleRules.has(id));
        const claimsAfter = rowsOf(after).filter((id) => !tupleRules.has(id));
        expect(claims.some((from) => claimsAfter.some((to) => yields(from, to)))).toBe(true);
      }),
      MONOTONE_RUNS,
    );
    // The generator must reach both sides, or the property says nothing.
    expect(kept).toBeGreaterThan(MONOTONE_RUNS.numRuns * 0.08);
    expect(flips).toBeGreaterThan(MONOTONE_RUNS.numRuns < 10_000 ? 0 : 10);
  });
});
