import { answersRecord } from '../records/summary-record.ts';
import type { DecisionWriter } from './decision-writer.ts';
import { jsonText } from '../words/json-text.ts';
import { createRecordText } from '../records/decision-record.ts';
import { summaryRecord } from '../records/summary-record.ts';
import { createPieceBuffer, type TextSink } from './text-sink.ts';

/** Raised when a key of the document changes its meaning; added keys do not count. */
const DOCUMENT_VERSION = 1;

/**
 * One document: `images`, one record a line for line tools; then `glance_retype` (the header) and `summary`, which are
 * known only at the end.
 */
export function createJsonWriter(sink: TextSink): DecisionWriter {
  const buffer = createPieceBuffer(sink);
  const recordText = createRecordText();
  let before = '{"images":[\n';
  return {
    add({ image }, decision) {
      const text = before + recordText(image, decision);
      before = ',\n';
      return buffer.add(text);
    },
    async end({ summary, header, answers }) {
      const opening = before === ',\n' ? '\n' : before;
      const last = {
        glance_retype: { version: DOCUMENT_VERSION, ...header },
        summary: summaryRecord(summary),
        answers: answers === null ? null : answersRecord(answers),
      };
      await buffer.add(`${opening}],\n${jsonText(last).slice(1)}\n`);
      await buffer.end();
    },
  };
}
