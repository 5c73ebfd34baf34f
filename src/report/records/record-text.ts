import type { Decision } from '../../model/decision.ts';
import type { ImageRecord } from '../../model/image.ts';
import { decisionPart, imagePart } from './decision-record.ts';
import { jsonText } from '../words/json-text.ts';

/** Writes records as JSON text. Images share decisions, so the text of a decision is made once and kept as long as it lives. */
export function createRecordText(): (image: ImageRecord, decision: Decision) => string {
  const tails = new WeakMap<Decision, string>();
  return (image, decision) => {
    let tail = tails.get(decision);
    if (tail === undefined) {
      tail = `,${jsonText(decisionPart(image, decision)).slice(1)}`;
      tails.set(decision, tail);
    }
    return jsonText(imagePart(image)).slice(0, -1) + tail;
  };
}
