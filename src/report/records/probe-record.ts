import type { ContentEvidence, Verdict } from '../../model/verdict.ts';
import { jsonText } from '../words/json-text.ts';

/** One source as one JSON line, without the line end. Keys are only ever added. */
export function probeRecord(source: string, content: ContentEvidence): string {
  return jsonText(content.kind === 'unread' ? { source, error: content.why } : recordOf(source, content.verdict));
}

function recordOf(source: string, verdict: Verdict): object {
  return {
    source,
    image_type: verdict.imageType,
    container_type: verdict.containerType,
    envelope: verdict.envelope,
    confidence: verdict.confidence,
    evidence: evidenceOf(verdict).map(({ offset, detail }) => ({ offset, detail })),
    safety: verdict.safety,
    cost: { requests: verdict.cost.requests, bytes: verdict.cost.bytes },
  };
}

/** The reason why no type is named is one more piece of evidence, so that it needs no key of its own. */
function evidenceOf(verdict: Verdict): Verdict['evidence'] {
  return verdict.imageType === null
    ? [...verdict.evidence, { offset: 0, detail: `undetermined: ${verdict.why}` }]
    : verdict.evidence;
}
