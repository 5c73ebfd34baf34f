import { isDecided, type Decision } from '../../../model/decision.ts';
import { FINDINGS } from '../../../model/finding.ts';

/** Why somebody should look at an image, most urgent first; the last: nobody needs to. */
export const ATTENTION = ['error', 'undecided', 'differs', 'warning', 'answered', 'calm'] as const;
export type Attention = (typeof ATTENTION)[number];

const known = new WeakMap<Decision, Attention>();

/** The most urgent reason to look at an image of this decision. */
export function attentionOf(decision: Decision): Attention {
  const cached = known.get(decision);
  if (cached !== undefined) return cached;
  const attention = judge(decision);
  known.set(decision, attention);
  return attention;
}

function judge(decision: Decision): Attention {
  const severities = new Set(decision.findings.map((code) => FINDINGS[code].severity));
  if (severities.has('error')) return 'error';
  if (decision.status === 'ambiguous' || decision.status === 'unmappable') return 'undecided';
  if (isDecided(decision) && decision.disposition !== decision.novaToday) return 'differs';
  if (severities.has('warning')) return 'warning';
  return decision.answered === undefined ? 'calm' : 'answered';
}
