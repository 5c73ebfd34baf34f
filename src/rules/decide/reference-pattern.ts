import type { Decision } from '../../model/decision.ts';
import { referenceLines } from './evidence-lines.ts';
import type { Observation } from './observation.ts';

/**
 * Gives an image the decision of another one with the same `patternKey`: only the lines that name other images are its own.
 *
 * @param from what `decision` was made from.
 * @returns the same object where the decision names no other image.
 */
export function withReferencesOf(decision: Decision, from: Observation, to: Observation): Decision {
  const old = referenceLines(from);
  const [first] = old;
  if (first === undefined) return decision;
  // Words of the row are told in lines of other kinds, so an image cannot pass one of its own words off as such a line.
  const start = decision.evidence.findIndex(({ kind, detail }) => kind === first.kind && detail === first.detail);
  if (start < 0) return decision;
  const { evidence } = decision;
  return {
    ...decision,
    evidence: [...evidence.slice(0, start), ...referenceLines(to), ...evidence.slice(start + old.length)],
  };
}
