import type { Decision } from '../../model/decision.ts';
import type { ImageEvidence } from '../../model/image.ts';
import { decide } from './decide.ts';
import { isReferring, type Observation, observationKey, observe, patternKey } from './observation.ts';
import { createPlainCoder } from './plain-code.ts';
import { withReferencesOf } from './reference-pattern.ts';
import type { RuleTable } from '../table/rule-table.ts';
import { createTokenMask } from './token-mask.ts';

/**
 * Decisions kept for reuse. A deployment has some hundred different observations apart from those that carry ids of kernels
 * and referrers, and these share some dozen patterns; the bound keeps memory flat where every row is odd.
 */
const KEPT = 8_000;
/** Of those with ids, which hardly two images share: kept apart, for there are more of them the larger the table is. */
const KEPT_REFERRING = 500;

/**
 * Makes the decision function of a table: pure, never throws, one decision for every image. Images that look alike share
 * one frozen object, so a million rows cost a few hundred decisions; after `KEPT` different ones sharing starts afresh.
 */
export function createDecider(table: RuleTable): (evidence: ImageEvidence) => Decision {
  const known = new Map<string, Decision>();
  const referring = new Map<string, Decision>();
  const patterns = new Map<string, { readonly seen: Observation; readonly decision: Decision }>();
  const plain = new Map<number, Map<number, Decision>>();
  const plainCode = createPlainCoder();
  const tokenMask = createTokenMask();

  const decideOnce = (evidence: ImageEvidence): Decision => {
    const seen = observe(evidence);
    const key = observationKey(seen);
    if (isReferring(seen)) {
      const found = referring.get(key);
      if (found !== undefined) return found;
      const decision = deepFreeze(decideByPattern(seen));
      if (referring.size >= KEPT_REFERRING) referring.clear();
      referring.set(key, decision);
      return decision;
    }
    const found = known.get(key);
    if (found !== undefined) return found;
    const decision = deepFreeze(decide(seen, table));
    if (known.size >= KEPT) {
      known.clear();
      plain.clear();
    }
    known.set(key, decision);
    return decision;
  };

  const decideByPattern = (seen: Observation): Decision => {
    const key = patternKey(seen);
    const like = patterns.get(key);
    if (like !== undefined) return withReferencesOf(like.decision, like.seen, seen);
    const decision = deepFreeze(decide(seen, table));
    if (patterns.size >= KEPT) patterns.clear();
    patterns.set(key, { seen, decision });
    return decision;
  };

  return (evidence) => {
    const code = plainCode(evidence);
    const mask = code === null || evidence.properties.size === 0 ? 0 : tokenMask(evidence.properties);
    if (code === null || mask === null) return decideOnce(evidence);
    const found = plain.get(code)?.get(mask);
    if (found !== undefined) return found;
    const decision = decideOnce(evidence);
    const byMask = plain.get(code);
    if (byMask === undefined) plain.set(code, new Map([[mask, decision]]));
    else byMask.set(mask, decision);
    return decision;
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
