import type { ContentEvidence } from '../../model/verdict.ts';
import { jsonText } from '../words/safe-text.ts';

/** One source as one JSON line, without the line end. Keys are only ever added. */
export function probeRecord(source: string, content: ContentEvidence): string {
  if (content.kind === 'unread') return jsonText({ source, error: content.why });
  const { verdict } = content;
  // The reason why no type is named is one more piece of evidence, so that it needs no key of its own.
  const why = verdict.imageType === null ? [{ offset: 0, detail: `undetermined: ${verdict.why}` }] : [];
  return jsonText({
    source,
    image_type: verdict.imageType,
    container_type: verdict.containerType,
    envelope: verdict.envelope,
    confidence: verdict.confidence,
    evidence: [...verdict.evidence, ...why].map(({ offset, detail }) => ({ offset, detail })),
    safety: verdict.safety,
    cost: { requests: verdict.cost.requests, bytes: verdict.cost.bytes },
  });
}
