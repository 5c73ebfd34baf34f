import type { ContentEvidence, Verdict } from '../../model/verdict.ts';
import { jsonText } from '../words/safe-text.ts';
import { FORMAT_VERSION } from './format-version.ts';

/** One source as one JSON line, without the line end. Keys are only ever added. */
export function probeRecord(source: string, content: ContentEvidence): string {
  return jsonText(content.kind === 'unread' ? unreadRecord(source, content.why) : readRecord(source, content.verdict));
}

/** A source that could not be read. */
export function unreadRecord(source: string, error: string) {
  return { format_version: FORMAT_VERSION, source, error };
}

/** A source that was read. */
export function readRecord(source: string, verdict: Verdict) {
  // The reason why no type is named is one more piece of evidence, so that it needs no key of its own.
  const why = verdict.imageType === null ? [{ offset: 0, detail: `undetermined: ${verdict.why}` }] : [];
  return {
    format_version: FORMAT_VERSION,
    source,
    image_type: verdict.imageType,
    container_type: verdict.containerType,
    envelope: verdict.envelope,
    confidence: verdict.confidence,
    evidence: [...verdict.evidence, ...why].map(({ offset, detail }) => ({ offset, detail })),
    safety: verdict.safety,
    cost: { requests: verdict.cost.requests, bytes: verdict.cost.bytes },
  };
}
