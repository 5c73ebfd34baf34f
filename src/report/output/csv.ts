import type { Decision } from '../../model/decision.ts';
import { DECISION_KEYS, decisionPart, IMAGE_KEYS, imagePart } from '../records/decision-record.ts';
import type { DecisionWriter } from './decision-writer.ts';
import { jsonText } from '../words/json-text.ts';
import { createPieceBuffer, type TextSink } from './text-sink.ts';

const HEADER = `${[...IMAGE_KEYS, ...DECISION_KEYS].join(',')}\r\n`;

/**
 * RFC 4180 with a header line: UTF-8 without BOM, lines end in CRLF. NULL is an empty field and the empty string is
 * `""`; lists are JSON text. An apostrophe precedes what a spreadsheet might take for a formula: at the beginning of a
 * cell, and after a semicolon, a tab or a line end, where a spreadsheet with another separator begins a cell. An
 * apostrophe in these places gets one too, so removing one from each place restores the text.
 */
export function createCsvWriter(sink: TextSink): DecisionWriter {
  const buffer = createPieceBuffer(sink);
  const tails = new WeakMap<Decision, string>();
  let before = HEADER;
  return {
    add({ image }, decision) {
      let tail = tails.get(decision);
      if (tail === undefined) {
        const part = decisionPart(image, decision);
        tail = `${DECISION_KEYS.map((key) => csvField(cellText(part[key]))).join(',')}\r\n`;
        tails.set(decision, tail);
      }
      const part = imagePart(image);
      const head = IMAGE_KEYS.map((key) => csvField(part[key])).join(',');
      const text = `${before}${head},${tail}`;
      before = '';
      return buffer.add(text);
    },
    async end() {
      if (before !== '') await buffer.add(before);
      await buffer.end();
    },
  };
}

function cellText(value: string | readonly unknown[] | null): string | null {
  return value === null || typeof value === 'string' ? value : jsonText(value);
}

/** Quoted where RFC 4180 demands it, and where a reader might trim or mistake it for NULL. */
function csvField(value: string | null): string {
  if (value === null) return '';
  if (PLAIN.test(value)) return value;
  const inside = value.replace(FORMULA_INSIDE, "$1'");
  const text = FORMULA_CELL.test(value) ? `'${inside}` : inside;
  return text === '' || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Nearly every cell: nothing to quote and no formula. */
const PLAIN = /^[\w.:/]([\w.:/ -]*[\w.:/-])?$/;

/**
 * What spreadsheets take for the beginning of a formula: also full-width, after blanks or invisible characters, which
 * some skip, and after a quote, because with another separator a doubled quote ends an empty text.
 */
const FORMULA = '[\\s\\p{Cc}\\p{Cf}"]*[=+\\-@\uff1d\uff0b\uff0d\uff20]';
const FORMULA_CELL = new RegExp(`^(?:[\\t\\r\\n\\0']|${FORMULA})`, 'u');
const FORMULA_INSIDE = new RegExp(`([;\\t\\r\\n])(?='|${FORMULA})`, 'gu');
