import type { Decision } from '../../model/decision.ts';
import type { ImageEvidence, RowShape } from '../../model/image.ts';
import type { Predictor } from '../../services/predictor.ts';
import type { RuleTable } from '../table/rule-table.ts';
import { decide } from './decide.ts';
import { referenceLines } from './evidence-lines.ts';
import { isReferring, type Observation, observe, patternKey } from './observation.ts';
import { createPlainKey } from './plain-key.ts';

/** Decisions kept for reuse. A deployment has some hundred; the bound keeps memory flat where every row is odd. */
const KEPT = 8_000;

interface Known {
  readonly seen: Observation;
  readonly decision: Decision;
}

/**
 * Makes the decision function: pure, never throws, one decision for every image. Images that look alike share one
 * frozen object, so a million rows cost a few hundred decisions. After `KEPT` patterns the function forgets all of them
 * and starts again.
 *
 * Each shortcut was measured by leaving it out of `plan` (400,000 images, SQLite, CPU time, medians of five rounds,
 * 2026-11-30): without decisions by pattern plan takes 1.19 times as long, without plain keys 1.17 times. A cache of
 * the few hundred images with equal references brought nothing and was removed.
 */
export function createDecider(table: RuleTable, predict: Predictor): (evidence: ImageEvidence) => Decision {
  const known = new Map<string, Known>();
  const plainKey = createPlainKey();
  /** Decisions of plain images by the shape of the row, then by plain key. */
  let plain = new WeakMap<RowShape, Map<number, Decision>>();

  const decideByPattern = (evidence: ImageEvidence): Decision => {
    const seen = observe(evidence);
    const key = patternKey(seen);
    const found = known.get(key);
    if (found !== undefined) return isReferring(seen) ? deepFreeze(withReferencesOf(found, seen)) : found.decision;
    const decision = deepFreeze(decide(seen, table, predict));
    if (known.size >= KEPT) {
      known.clear();
      plain = new WeakMap();
    }
    known.set(key, { seen, decision });
    return decision;
  };

  return (evidence) => {
    const { shape } = evidence;
    const key = shape === undefined ? null : plainKey(evidence);
    if (shape === undefined || key === null) return decideByPattern(evidence);
    let ofShape = plain.get(shape);
    if (ofShape === undefined) {
      ofShape = new Map();
      plain.set(shape, ofShape);
    }
    let decision = ofShape.get(key);
    if (decision === undefined) {
      decision = decideByPattern(evidence);
      ofShape.set(key, decision);
    }
    return decision;
  };
}

/**
 * Gives an image the decision of another image with the same `patternKey`. Only the evidence lines that name other
 * images are its own.
 *
 * @returns the same object where the decision names no other image.
 */
function withReferencesOf({ decision, seen }: Known, other: Observation): Decision {
  const lines = referenceLines(seen);
  const [first] = lines;
  if (first === undefined) return decision;
  // Words of the row appear in lines of other kinds, so a row cannot pass off one of its words as such a line.
  const start = decision.evidence.findIndex(({ kind, detail }) => kind === first.kind && detail === first.detail);
  if (start < 0) return decision;
  const { evidence } = decision;
  return {
    ...decision,
    evidence: [...evidence.slice(0, start), ...referenceLines(other), ...evidence.slice(start + lines.length)],
  };
}

/** Shared objects must not be changed through one image for all others. */
function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const part of Object.values(value)) deepFreeze(part);
    Object.freeze(value);
  }
  return value;
}
