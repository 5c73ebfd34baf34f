import { describe, expect, test } from 'vitest';

import { pageStart } from '../../../../src/report/html/page/page.ts';
import type { PlanReport } from '../../../../src/report/plan/report.ts';
import { NASTY } from '../../made-images.ts';
import { fullReport, withoutStyle } from '../made-report.ts';

/** Words of our own that texts are looked up by; the report is typed, and nothing from a database gets into them. */
const LOOKED_UP = new Set(['status', 'severity', 'code', 'novaToday', 'disposition', 'weight', 'before']);
const KINDS = new Set([
  'plan',
  'migrate',
  'verify',
  'classification',
  'leave',
  'nothing-met',
  'grown',
  'word',
  'conversion',
  'option',
]);

const ATTACKS = [
  '<script>alert(1)</script>',
  '</style><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '--><!-- </section></main>',
  '&lt;b&gt; &amp;lt; &#60;',
  '`${alert(1)}`',
  'javascript:alert(1)',
  ']]></svg><foreignObject>',
  ...NASTY,
];

/** A copy in which every text ends in `more`, wherever it stands. */
function attacked<T>(value: T, more: string, key = ''): T {
  if (typeof value === 'string') {
    const ours = LOOKED_UP.has(key) || (key === 'kind' && KINDS.has(value));
    return (ours ? value : value + more) as T;
  }
  if (Array.isArray(value)) return value.map((item: unknown) => attacked(item, more, key)) as T;
  if (value === null || typeof value !== 'object') return value;
  const entries: readonly (readonly [string, unknown])[] = Object.entries(value);
  return Object.fromEntries(entries.map(([name, item]) => [name, attacked(item, more, name)])) as T;
}

function drawn(report: PlanReport): string {
  return withoutStyle(pageStart(report, { policy: "default-src 'none'", extraStyle: '' }));
}

const TAG = /<\/?[a-zA-Z][\w-]*(?:\s+[\w:-]+(?:="[^"<>]*")?)*\s*\/?>/g;

/** Names of elements and of their attributes in order: what a browser would build. */
function skeleton(page: string): readonly string[] {
  return [...page.matchAll(TAG)].map(([tag]) => tag.replaceAll(/="[^"]*"/g, ''));
}

describe('a report whose every text is hostile', () => {
  const harmless = skeleton(drawn(attacked(fullReport(), 'x')));

  test.each(ATTACKS.map((attack) => [JSON.stringify(attack), attack] as const))('is the same page: %s', (_, attack) => {
    const page = drawn(attacked(fullReport(), attack));
    expect(skeleton(page)).toEqual(harmless);
    const between = page.replace('<!doctype html>', '').replaceAll(TAG, '');
    expect(between).not.toMatch(/[<>]/);
    expect(page).not.toMatch(/(?!\u200c|\u200d|\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  });

  test('reaches the page in every field', () => {
    const marks = new Map<string, string>();
    let next = 0;
    const marked = (function mark(value: unknown, key: string, path: string): unknown {
      if (typeof value === 'string') {
        if (LOOKED_UP.has(key) || (key === 'kind' && KINDS.has(value))) return value;
        next += 1;
        const text = `${value}~${next}~`;
        marks.set(path, `~${next}~`);
        return text;
      }
      if (Array.isArray(value)) return value.map((item: unknown, index) => mark(item, key, `${path}[${index}]`));
      if (value === null || typeof value !== 'object') return value;
      return Object.fromEntries(
        Object.entries(value).map(([name, item]) => [name, mark(item, name, `${path}.${name}`)]),
      );
    })(fullReport(), '', '') as PlanReport;
    const page = drawn(marked);
    const missing = [...marks].filter(([, text]) => !page.includes(text)).map(([path]) => path);
    expect(missing).toEqual([]);
  });
});
