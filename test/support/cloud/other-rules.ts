import { isDecided } from '../../../src/model/decision.ts';
import type { Decide } from '../../../src/run/context/context.ts';
import { shipped } from './migration.ts';

/** Other rules: what the shipped table decides becomes `other`, and what it leaves open becomes a disk. */
export const otherRules: Decide = (evidence) => {
  const decision = shipped.decide(evidence);
  if (isDecided(decision)) {
    return { ...decision, rule: 'OTHER', classification: { ...decision.classification, imageType: 'other' } };
  }
  return decision.status === 'ambiguous'
    ? {
        ...decision,
        status: 'inferred',
        rule: 'OTHER',
        classification: { imageType: 'disk', containerType: 'raw', envelope: null },
        oneField: { format: 'raw' },
        disposition: 'boot-disk',
      }
    : decision;
};
