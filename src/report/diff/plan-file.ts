import { isUtf8 } from 'node:buffer';
import type { Problem } from '../../model/error.ts';
import { FORMAT_VERSION } from '../records/format-version.ts';
import { type PlanRecord, readPlanRecord } from './plan-record.ts';

/** The header at the end of a JSON document. Keys as in `ReportHeader`; each a text or null. */
type FileHeader = Readonly<Record<string, string | null>>;

export interface PlanFile {
  /** null in NDJSON, which has no header. */
  readonly header: FileHeader | null;
}

/** Bad lines after which reading ends. */
const MOST_PROBLEMS = 10;

/** Version 0.1.0 wrote none. */
const FIRST_LINE = /^\{(?:"format_version":(\d+),)?"images":\[$/;
const VERSION = String(FORMAT_VERSION);
const OTHER_VERSION = [
  `a document of version ${VERSION}`,
  'another version',
  'compare it with the version of glance-retype that wrote it',
] as const;
const ADVICE = 'write the plan again with `plan --ndjson FILE` or `plan --json FILE`, and do not edit the file';

/**
 * Reads a plan line by line. A JSON document must have the layout that `plan --json` writes, one record a line.
 *
 * @param name for messages.
 * @param take gets every record with its line, from 1, and returns what is wrong with it, else null.
 * @param problems collects what is wrong, up to a bound. If it grows, discard what `take` got.
 */
export async function readPlanFile(
  { name, chunks }: { readonly name: string; readonly chunks: AsyncIterable<Uint8Array> },
  take: (record: PlanRecord, line: number) => Pick<Problem, 'expected' | 'found'> | null,
  problems: Problem[],
): Promise<PlanFile> {
  const before = problems.length;
  let state: 'start' | 'ndjson' | 'first-record' | 'record' | 'records-end' | 'last' | 'end' = 'start';
  let header: FileHeader | null = null;
  const last: { line: 'ended' | 'cut' } = { line: 'ended' };
  let line = 0;

  function report(expected: string, found: string, advice = ADVICE, at = line): void {
    problems.push({ place: `${name}:${at}`, expected, found, advice });
  }

  function record(text: string): void {
    const value = parse(text);
    if (value === undefined) {
      const found = last.line === 'cut' ? 'a line that ends half-way: the file was cut off' : 'a line that is no JSON';
      report('a decision record, a JSON object on one line', found);
      return;
    }
    const read = readPlanRecord(value);
    const wrong = 'record' in read ? take(read.record, line) : read;
    if (wrong !== null) report(wrong.expected, wrong.found);
  }

  /** @returns whether to go on. */
  function accept(given: TextLine): boolean {
    line += 1;
    if (given.kind !== 'text') {
      report(...notText(given, line));
      return false;
    }
    const { text } = given;
    switch (state) {
      case 'start': {
        const version = FIRST_LINE.exec(text);
        if (version !== null) {
          if ((version[1] ?? VERSION) !== VERSION) {
            report(...OTHER_VERSION);
            return false;
          }
          state = 'first-record';
          return true;
        }
        if (!/^\{"[a-z_]+":(?!\[)/.test(text)) {
          report(...otherFile(text));
          return false;
        }
        state = 'ndjson';
        record(text);
        return true;
      }
      case 'ndjson':
        record(text);
        return true;
      case 'first-record':
      case 'record':
      case 'records-end':
        if (text === '],' && state !== 'record') {
          state = 'last';
          return true;
        }
        if (state === 'records-end') {
          report('`],` after the last record, or a comma before the next one', 'neither');
          return false;
        }
        state = text.endsWith(',') ? 'record' : 'records-end';
        record(text.endsWith(',') ? text.slice(0, -1) : text);
        return true;
      case 'last':
        header = readHeader(text, report);
        state = 'end';
        return true;
      case 'end':
        report('the end of the document', 'more after it');
        return false;
    }
  }

  reading: for await (const lines of readLines(chunks, (found) => (last.line = found))) {
    for (const each of lines) {
      if (!accept(each) || problems.length - before >= MOST_PROBLEMS) break reading;
    }
  }
  if (problems.length > before) return { header };
  if (state === 'start') {
    report('a plan', 'an empty file', 'only `plan --json FILE` writes a plan without images that can be compared', 1);
  } else if (state === 'ndjson' && last.line === 'cut') {
    report('a line feed after the last record', 'a file that ends before it: it was cut off');
  } else if (state !== 'ndjson' && state !== 'end') {
    report('the header and the summary after the records', 'a file that ends before them: it was cut off');
  }
  return { header };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What the first line of another file shows it to be. */
function otherFile(text: string): [expected: string, found: string, advice: string] {
  const expected = 'a plan that `plan --json` or `plan --ndjson` wrote';
  if (text.startsWith('{') || text.startsWith('[') || text.startsWith(' ')) {
    return [
      expected,
      'JSON in another layout (one record a line is expected)',
      'give the file as plan wrote it, or an NDJSON file, which tools keep line by line',
    ];
  }
  if (text.startsWith('\ufeff')) return [expected, 'a byte order mark before the first record', ADVICE];
  if (text.startsWith('image_id,')) return [expected, 'CSV', 'compare what `plan --ndjson FILE` writes'];
  return [expected, 'something else', ADVICE];
}

function notText(given: TextLine, line: number): [expected: string, found: string, advice: string] {
  if (given.kind === 'too-long') return ['one record a line', 'a line of more than 8 MiB', ADVICE];
  return [
    'UTF-8 text',
    line === 1 ? 'other bytes: the file may be compressed' : 'other bytes',
    'decompress it first, for example: zcat FILE.gz | glance-retype diff - AFTER',
  ];
}

/** The last line of a document: `"glance_retype":{…},"summary":{…},…}`. */
function readHeader(
  text: string,
  report: (expected: string, found: string, advice?: string) => void,
): FileHeader | null {
  const value = parse(`{${text}`) as { readonly glance_retype?: unknown } | undefined;
  const found = value?.glance_retype;
  if (typeof found !== 'object' || found === null) {
    report('the header `glance_retype` and the summary on one line', 'a line without them, or cut off');
    return null;
  }
  const { version, ...rest } = found as Readonly<Record<string, unknown>>;
  if (version !== FORMAT_VERSION) {
    report(...OTHER_VERSION);
    return null;
  }
  return Object.fromEntries(
    Object.entries(rest).filter(
      (entry): entry is [string, string | null] => entry[1] === null || typeof entry[1] === 'string',
    ),
  );
}

export type TextLine =
  | { readonly kind: 'text'; readonly text: string }
  /** Not UTF-8, or longer than any line of ours: its text is not known. */
  | { readonly kind: 'not-text' }
  | { readonly kind: 'too-long' };

/**
 * Bytes of a line, inclusive. A record has some hundred bytes; the summary of a JSON document is longer but bounded.
 */
const LONGEST = 8 * 1024 * 1024;
const LINE_FEED = 0x0a;

/**
 * Splits bytes into lines. A line that is too long ends the reading.
 *
 * @param onEnd gets whether the last line had its line feed.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  onEnd: (last: 'ended' | 'cut') => void,
): AsyncGenerator<readonly TextLine[], void, undefined> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  for await (const chunk of chunks) {
    const lines: TextLine[] = [];
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, from)) {
      const part = chunk.subarray(from, at);
      lines.push(textLine(heldBytes === 0 ? part : Buffer.concat([...held, part])));
      held = [];
      heldBytes = 0;
      from = at + 1;
    }
    if (from < chunk.length) {
      // Copied, because a part would keep the whole chunk alive.
      held.push(Uint8Array.from(chunk.subarray(from)));
      heldBytes += chunk.length - from;
    }
    if (heldBytes > LONGEST) {
      yield [...lines, { kind: 'too-long' }];
      return;
    }
    yield lines;
  }
  onEnd(heldBytes === 0 ? 'ended' : 'cut');
  if (heldBytes > 0) yield [textLine(Buffer.concat(held))];
}

function textLine(bytes: Uint8Array): TextLine {
  if (!isUtf8(bytes)) return { kind: 'not-text' };
  return { kind: 'text', text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8') };
}
