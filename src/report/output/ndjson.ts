import type { DecisionWriter } from './decision-writer.ts';
import { createRecordText } from '../records/decision-record.ts';
import { createPieceBuffer, type TextSink } from './text-sink.ts';

/** One decision record a line, nothing else: no header, no summary. */
export function createNdjsonWriter(sink: TextSink): DecisionWriter {
  const buffer = createPieceBuffer(sink);
  const recordText = createRecordText();
  return {
    add: ({ image }, decision) => buffer.add(`${recordText(image, decision)}\n`),
    end: () => buffer.end(),
  };
}
