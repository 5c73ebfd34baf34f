import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Problem } from '../model/error.ts';
import type { RuleSource } from './rule-files.ts';

/** A YAML value that knows where it stands: `file:line dotted.path`. */
export type Located =
  | { readonly kind: 'map'; readonly place: string; readonly entries: ReadonlyMap<string, Located> }
  | { readonly kind: 'list'; readonly place: string; readonly items: readonly Located[] }
  | { readonly kind: 'scalar'; readonly place: string; readonly value: string | number | boolean | null };

/** Parses one rules file. Syntax errors, repeated keys, tags and anchors go to `problems`; null where nothing is usable. */
export function parseTree(source: RuleSource, problems: Problem[]): Located | null {
  const lines = new LineCounter();
  const document = parseDocument(source.text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  for (const error of [...document.errors, ...document.warnings]) {
    problems.push({
      place: `${source.path}:${lineAt(error.pos[0])}`,
      expected: 'YAML 1.2 with every key once',
      found: error.message,
      advice: 'correct the line',
    });
  }
  if (document.errors.length > 0) return null;

  const locate = (node: unknown, path: string, keyLine: number | null): Located => {
    const start = rangeStart(node);
    const line = keyLine ?? (start === null ? 1 : lineAt(start));
    const place = `${source.path}:${line}${path === '' ? '' : ` ${path}`}`;
    if (isMap(node)) {
      const entries = new Map<string, Located>();
      for (const pair of node.items) {
        const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
        const at = rangeStart(pair.key);
        entries.set(key, locate(pair.value, path === '' ? key : `${path}.${key}`, at === null ? null : lineAt(at)));
      }
      return { kind: 'map', place, entries };
    }
    if (isSeq(node)) {
      return { kind: 'list', place, items: node.items.map((item, i) => locate(item, `${path}[${i}]`, null)) };
    }
    if (isAlias(node)) {
      // Anchors would let one small file expand without bound, and a line number would point at the wrong place.
      problems.push({
        place,
        expected: 'a value written out',
        found: `the alias *${node.source}`,
        advice: 'write the value in full, or use a group',
      });
      return { kind: 'scalar', place, value: null };
    }
    return { kind: 'scalar', place, value: isScalar(node) ? scalarValue(node.value) : null };
  };
  return locate(document.contents, '', null);
}

/** The content alone, in one spelling: comments, layout, key order and position are gone. */
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
