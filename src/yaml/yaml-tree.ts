import { Composer, type CST, type Document, isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, Parser } from 'yaml';
import type { Problem } from '../model/error.ts';

/** The text of one YAML file. `path` is what messages call it. */
export interface YamlSource {
  readonly path: string;
  readonly text: string;
}

interface Place {
  /** `file:line dotted.path` */
  readonly place: string;
  readonly line: number;
}

/** A YAML value with its place. `text` is a scalar as written, without quotes: `0123` where `value` is 123. */
export type Located = Place &
  (
    | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, Located> }
    | { readonly kind: 'list'; readonly items: readonly Located[] }
    | { readonly kind: 'scalar'; readonly value: string | number | boolean | null; readonly text: string | null }
  );

/** Levels of lists and maps inside each other. Real files have fewer than ten. The library recurses for each. */
const DEEPEST = 64;

/**
 * Keys, values and punctuation marks in one file. The library needs about a kilobyte for each value. A list of 100,000
 * images, one on a line, has half as many.
 */
const MOST_PIECES = 1_000_000;

/**
 * Parses one file. Adds syntax errors, repeated keys, tags, anchors, and text beyond the bounds to `problems`.
 *
 * @param composed the same text, if it is composed already.
 * @returns null if nothing can be used.
 */
export function parseTree(
  source: YamlSource,
  problems: Problem[],
  composed = composeText(source.text),
): Located | null {
  const { lines, documents } = composed;
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const refuse = (offset: number, found: string, expected = 'YAML 1.2 with every key once') => {
    problems.push({ place: `${source.path}:${lineAt(offset)}`, expected, found, advice: 'correct the line' });
  };
  const [document, ...others] = documents;
  if (document === undefined || 'beyond' in document) {
    const place = `${source.path}:${lineAt(document?.leftAt ?? 0)}`;
    const advice = 'check that this is the right file; no file of this kind needs as many';
    problems.push({ place, expected: document?.beyond ?? 'a document', found: 'more of them', advice });
    return null;
  }
  for (const error of [...document.errors, ...document.warnings]) refuse(error.pos[0], error.message);
  for (const other of others) refuse('beyond' in other ? other.leftAt : other.range[0], 'a second document');
  if (document.directives.yaml.version !== '1.2') refuse(0, `the directive %YAML ${document.directives.yaml.version}`);
  if (document.errors.length > 0 || others.length > 0) return null;

  const locate = (node: unknown, path: string, keyLine: number | null): Located => {
    const start = rangeStart(node);
    const line = keyLine ?? (start === null ? 1 : lineAt(start));
    const place = `${source.path}:${line}${path === '' ? '' : ` ${path}`}`;
    refuseMarks(node, place, problems);
    if (isMap(node)) {
      const entries = new Map<string, Located>();
      for (const pair of node.items) {
        const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
        const at = rangeStart(pair.key);
        const keyPath = path === '' ? key : `${path}.${key}`;
        const keyPlace = `${source.path}:${at === null ? line : lineAt(at)} ${keyPath}`;
        refuseMarks(pair.key, keyPlace, problems);
        if (entries.has(key)) refuseRepeated(keyPlace, problems);
        entries.set(key, locate(pair.value, keyPath, at === null ? null : lineAt(at)));
      }
      return { kind: 'map', place, line, entries };
    }
    if (isSeq(node)) {
      return { kind: 'list', place, line, items: node.items.map((item, i) => locate(item, `${path}[${i}]`, null)) };
    }
    if (!isScalar(node)) return { kind: 'scalar', place, line, value: null, text: null };
    const value = scalarValue(node.value);
    const text = typeof value === 'string' ? value : value === null ? null : (node.source ?? String(value));
    return { kind: 'scalar', place, line, value, text };
  };
  return locate(document.contents, '', null);
}

/** Mistakes and directives after which parsing stops. The library keeps a report of each. */
const MOST_FAULTS = 100;

/** Where parsing stopped, and the bound that the text exceeds. */
interface Left {
  readonly leftAt: number;
  readonly beyond: string;
}

/** A text that is composed once, for `parseTree` and for edits in place. */
export interface ComposedText {
  readonly lines: LineCounter;
  /** More than one if the text holds several documents. */
  readonly documents: readonly (Document.Parsed | Left)[];
}

/** Composes a text while it is parsed. Parsing stops where the text nests too deep or has too many values. */
export function composeText(text: string): ComposedText {
  const lines = new LineCounter();
  return { lines, documents: composeBounded(text, lines) };
}

function composeBounded(text: string, lineCounter: LineCounter): readonly (Document.Parsed | Left)[] {
  // `parseTree` compares keys with a map. The library would compare each key with every other one.
  const settings = {
    lineCounter,
    stringKeys: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  } as const;
  const composer = new Composer(settings);
  const parser = new Parser(lineCounter.addNewLine);
  const found: (Document.Parsed | Left)[] = [];
  let left: Left | null = null;
  lineCounter.addNewLine(0);
  function* tokens(): Generator<CST.Token, void> {
    let pieces = 0;
    let faults = 0;
    for (const lexeme of new Lexer().lex(text)) {
      for (const token of parser.next(lexeme)) {
        yield token;
        if (token.type === 'error' || token.type === 'directive') faults += 1;
      }
      if (faults > MOST_FAULTS || found.length > 1) return;
      pieces += 1;
      if (parser.stack.length > DEEPEST || pieces > MOST_PIECES) {
        const beyond =
          pieces > MOST_PIECES
            ? `at most ${MOST_PIECES} keys, values and marks of punctuation`
            : `at most ${DEEPEST} lists and maps inside each other`;
        left = { leftAt: parser.offset, beyond };
        return;
      }
    }
    yield* parser.end();
  }
  for (const token of tokens()) found.push(...composer.next(token));
  if (left !== null) return [left];
  found.push(...composer.end(true, text.length));
  return found;
}

function refuseRepeated(place: string, problems: Problem[]): void {
  problems.push({
    place,
    expected: 'YAML 1.2 with every key once',
    found: 'a key that occurs twice',
    advice: 'correct the line',
  });
}

/** With anchors a small file can expand without bound, and line numbers are wrong. A tag changes values. */
function refuseMarks(node: unknown, place: string, problems: Problem[]): void {
  if (typeof node !== 'object' || node === null) return;
  const refuse = (found: string) =>
    problems.push({ place, expected: 'a value written out', found, advice: 'write the value in full, or use a group' });
  if (isAlias(node)) refuse(`the alias *${node.source}`);
  if ('anchor' in node && typeof node.anchor === 'string') refuse(`the anchor &${node.anchor}`);
  if ('tag' in node && typeof node.tag === 'string') refuse(`the tag ${node.tag}`);
}

/** The content in one spelling, without comments, layout, key order and positions. */
export function canonicalText(node: Located): string {
  if (node.kind === 'scalar') return JSON.stringify(node.value);
  if (node.kind === 'list') return `[${node.items.map(canonicalText).join(',')}]`;
  const entries = [...node.entries].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${canonicalText(value)}`).join(',')}}`;
}

function rangeStart(node: unknown): number | null {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return null;
  const start: unknown = node.range[0];
  return typeof start === 'number' ? start : null;
}

function scalarValue(value: unknown): string | number | boolean | null {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return value === null || value === undefined ? null : typeof value;
}
