import type { Decision } from '../../model/decision.ts';
import type { ImageEvidence } from '../../model/image.ts';
import { getOrMake } from '../plan/bounded-groups.ts';
import type { PlanReport } from '../plan/report.ts';
import { createRecordText, DECISION_KEYS, decisionPart, IMAGE_KEYS, imagePart } from '../records/decision-record.ts';
import { FORMAT_VERSION } from '../records/format-version.ts';
import { servicesText } from '../records/service-record.ts';
import { planTail } from '../records/summary-record.ts';
import { jsonText } from '../words/safe-text.ts';
import { createPieceBuffer, type TextSink } from './sinks.ts';

/** One format of output, written while the rows go by. */
export interface DecisionWriter {
  /**
   * Adds one image. If it returns a promise, the caller waits for it before the next call (back-pressure).
   *
   * @throws what the sink throws (OUTPUT_FILE)
   */
  add(evidence: ImageEvidence, decision: Decision): void | Promise<void>;
  /** Writes what comes last and ends the sink. Called once. */
  end(report: PlanReport): Promise<void>;
}

/**
 * One document: `format_version` and `images`, one record a line for line tools; then `glance_retype` (the header) and
 * `summary`, which are known only at the end.
 */
export function createJsonWriter(sink: TextSink): DecisionWriter {
  const buffer = createPieceBuffer(sink);
  const recordText = createRecordText();
  let before = `{"format_version":${FORMAT_VERSION},"images":[\n`;
  return {
    add({ image }, decision) {
      const text = before + recordText(image, decision);
      before = ',\n';
      return buffer.write(text);
    },
    async end(report) {
      const opening = before === ',\n' ? '\n' : before;
      await buffer.write(`${opening}],\n${jsonText(planTail(report)).slice(1)}\n`);
      await buffer.end();
    },
  };
}

/** One decision record a line, nothing else: no header, no summary. */
export function createNdjsonWriter(sink: TextSink): DecisionWriter {
  const buffer = createPieceBuffer(sink);
  const recordText = createRecordText();
  return {
    add: ({ image }, decision) => buffer.write(`${recordText(image, decision)}\n`),
    end: () => buffer.end(),
  };
}

const HEADER = `${[...IMAGE_KEYS, ...DECISION_KEYS].join(',')}\r\n`;

/**
 * RFC 4180 with a header line: UTF-8 without BOM, lines end in CRLF. NULL is an empty field and the empty string is
 * `""`; lists are JSON text, and the services short words. An apostrophe precedes what a spreadsheet might take for a
 * formula: at the beginning of a cell, and after a semicolon, a tab or a line end, where a spreadsheet with another
 * separator begins a cell. An apostrophe in these places gets one too, so removing one from each place restores the
 * text.
 */
export function createCsvWriter(sink: TextSink): DecisionWriter {
  const buffer = createPieceBuffer(sink);
  const tails = new WeakMap<Decision, string>();
  let before = HEADER;
  return {
    add({ image }, decision) {
      const tail = getOrMake(tails, decision, () => {
        const part = decisionPart(image, decision);
        const texts = DECISION_KEYS.map((key) =>
          key === 'services' ? servicesText(decision.services) : cellText(part[key]),
        );
        return `${texts.map(csvField).join(',')}\r\n`;
      });
      const part = imagePart(image);
      const head = IMAGE_KEYS.map((key) => csvField(part[key])).join(',');
      const text = `${before}${head},${tail}`;
      before = '';
      return buffer.write(text);
    },
    async end() {
      if (before !== '') await buffer.write(before);
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
