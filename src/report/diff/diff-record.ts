import { causesOf, type ImageChange, isTransition } from './compare.ts';
import type { DiffSide, DiffSummary } from './diff-summary.ts';
import { jsonText } from '../words/json-text.ts';

/** Raised when a key changes its meaning; added keys do not count. */
const DOCUMENT_VERSION = 1;

/** A comparison as a JSON document. Keys are only ever added. */
export function diffRecord(summary: DiffSummary, toolVersion: string, verdict: 'same' | 'different'): object {
  return {
    glance_retype_diff: { version: DOCUMENT_VERSION, tool_version: toolVersion },
    verdict,
    before: sideRecord(summary.before),
    after: sideRecord(summary.after),
    headers: summary.headers,
    same: summary.same,
    changed: summary.changed,
    kinds: summary.kinds,
    transitions: summary.transitions.map(({ before, after, causes, count, samples }) => ({
      before,
      after,
      why: causes,
      count,
      samples,
    })),
    other_transitions: summary.otherTransitions,
    findings: summary.findings,
  };
}

/** One changed image as a line of NDJSON, with its line feed. `why` is empty where it is decided as before. */
export function changeLine(change: ImageChange): string {
  const { imageId, kinds, before, after } = change;
  const why = isTransition(change) ? causesOf(change) : [];
  return `${jsonText({ image_id: imageId, changes: kinds, why, before, after })}\n`;
}

function sideRecord({ name, kind, images, byStatus, header }: DiffSide): object {
  return { name, kind, images, by_status: byStatus, header };
}
