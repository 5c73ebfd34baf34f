import { isCollection, isMap, isPair, isScalar, Parser, type YAMLMap } from 'yaml';
import type { Splice } from './splice.ts';

/** A key of a block map and its value, with their places in the text. */
export interface Field {
  readonly key: string;
  readonly keyStart: number;
  /** After the colon. */
  readonly colonEnd: number;
  /** Equal to `valueEnd` where there is no value. */
  readonly valueStart: number;
  /** After the last character of the value; comments and line breaks that follow do not belong to it. */
  readonly valueEnd: number;
  /** The YAML node; null where there is no value. */
  readonly node: unknown;
}

/** Returns the keys and values of a map, in their order. */
export function fieldsOf(map: YAMLMap, text: string): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  for (const pair of map.items) {
    if (!isScalar(pair.key) || !pair.key.range) continue;
    const [keyStart, keyEnd] = pair.key.range;
    const colonEnd = text.indexOf(':', keyEnd) + 1;
    const [start, end] = nodeSpan(pair.value, text) ?? [colonEnd, colonEnd];
    const key = String(pair.key.value);
    fields.set(key, {
      key,
      keyStart,
      colonEnd,
      valueStart: start,
      valueEnd: end,
      node: start === end ? null : pair.value,
    });
  }
  return fields;
}

/** Returns where a node begins and where its last character ends; null for a value that is absent. */
export function nodeSpan(node: unknown, text: string): readonly [start: number, end: number] | null {
  if (!isScalar(node) && !isCollection(node)) return null;
  if (!node.range || node.range[0] === node.range[1]) return null;
  const [start, end] = node.range;
  if (isCollection(node) && node.flow !== true) {
    // The range of a block collection includes the comments that follow it.
    const last: unknown = node.items.at(-1);
    if (isPair(last)) {
      const value = nodeSpan(last.value, text);
      const key = nodeSpan(last.key, text);
      if (value !== null) return [start, value[1]];
      if (key !== null) return [start, text.indexOf(':', key[1]) + 1];
    }
    const inner = nodeSpan(last, text);
    if (inner !== null) return [start, inner[1]];
  }
  return [start, start + text.slice(start, end).trimEnd().length];
}

/** Returns the node if it is a block map, whose keys are on separate lines; else null. */
export function blockMap(node: unknown): YAMLMap | null {
  return isMap(node) && node.flow !== true ? node : null;
}

function commentsOf(text: string): readonly { readonly at: number; readonly text: string }[] {
  const found: { at: number; text: string }[] = [];
  const visit = (token: unknown): void => {
    if (Array.isArray(token)) {
      for (const item of token) visit(item);
      return;
    }
    if (typeof token !== 'object' || token === null) return;
    if ('type' in token && token.type === 'comment' && 'offset' in token && 'source' in token) {
      found.push({ at: Number(token.offset), text: String(token.source) });
    }
    for (const part of Object.values(token)) visit(part);
  };
  for (const token of new Parser().parse(text)) visit(token);
  return found.sort((a, b) => a.at - b.at);
}

/** Returns the end of the line that contains `at`, before its line break. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  if (end === -1) return text.length;
  return end > at && text[end - 1] === '\r' ? end - 1 : end;
}

/** Returns the start of the line that contains `at`. */
export function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/**
 * Replaces the value after a colon: ` raw`, a list whose lines begin with LF, or empty for none. Comments inside the
 * old value are kept after the new one, on separate lines at `indent`.
 */
export function setValue(text: string, field: Field, value: string, indent: string): Splice {
  const oneLine =
    !value.startsWith('\n') && value !== '' && !text.slice(field.colonEnd, field.valueStart).includes('\n');
  const start = oneLine && field.node !== null ? field.valueStart : field.colonEnd;
  const comments = keptComments(text, start, field.valueEnd, indent);
  return { start, end: field.valueEnd, text: (start === field.colonEnd ? value : value.trimStart()) + comments };
}

/** Adds a key after the line on which `after` ends. */
export function addField(text: string, after: Field, line: string, indent: string): Splice {
  const at = lineEnd(text, after.valueEnd);
  return { start: at, end: at, text: `\n${indent}${line}` };
}

/** Removes a key and its value. */
export function removeField(text: string, field: Field, indent: string): Splice {
  const from = lineStart(text, field.keyStart);
  const to = lineEnd(text, field.valueEnd);
  if (text.slice(from, field.keyStart).trim() !== '') {
    // The key follows the dash of its item; the next key takes its place.
    const next = text.slice(to).search(/\S/) + to;
    return { start: field.keyStart, end: next, text: '' };
  }
  // The break before it goes too, because the text may end after this line.
  return { start: breakBefore(text, from), end: to, text: keptComments(text, from, to, indent) };
}

/** Returns the comments in a part of the text, each as a line that begins with LF. */
export function keptComments(text: string, start: number, end: number, indent: string): string {
  if (!text.slice(start, end).includes('#')) return '';
  return commentsOf(text)
    .filter(({ at }) => at >= start && at < end)
    .map((comment) => `\n${indent}${comment.text}`)
    .join('');
}

/** Returns where the line break before a line begins; 0 for the first line. */
export function breakBefore(text: string, start: number): number {
  if (start === 0) return 0;
  return text[start - 2] === '\r' ? start - 2 : start - 1;
}
