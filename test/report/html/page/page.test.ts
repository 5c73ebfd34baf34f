import { describe, expect, test } from 'vitest';

import { pageStyle } from '../../../../src/report/html/page/style.ts';
import { pageEnd, pageStart } from '../../../../src/report/html/page/page.ts';
import type { PlanReport } from '../../../../src/report/plan/report.ts';
import { decided, reportOf, row, summaryOf } from '../../made-images.ts';
import { fullReport, textOf, withoutStyle } from '../made-report.ts';

const PARTS = { policy: "default-src 'none'", extraStyle: '.images{color:red}' };

function drawn(report: PlanReport): string {
  return `${pageStart(report, PARTS)}<section id="images"></section>${pageEnd()}`;
}

const reports: readonly (readonly [string, PlanReport])[] = [
  ['of everything', fullReport()],
  ['of a ready plan', reportOf(summaryOf([[row({}), decided(), 3]]))],
  ['of nothing', reportOf(summaryOf([]))],
  [
    'of a migration',
    { ...reportOf(summaryOf([[row({}), decided()]])), occasion: { kind: 'migrate', run: 3, written: 1, leftAlone: 0 } },
  ],
];

/** Elements without an end. */
const VOID = new Set(['meta', 'br']);

describe.each(reports)('a page %s', (_, report) => {
  const page = drawn(report);

  test('is balanced markup', () => {
    const open: string[] = [];
    for (const [, end, name = '', rest = ''] of withoutStyle(page).matchAll(
      /<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|[^">])*)>/g,
    )) {
      if (end === '/') {
        expect(open.pop()).toBe(name);
      } else if (!rest.endsWith('/') && !VOID.has(name)) {
        open.push(name);
      }
    }
    expect(open).toEqual([]);
  });

  test('has one h1 and no level of headings left out', () => {
    const levels = [...page.matchAll(/<h([1-6])[ >]/g)].map(([, level]) => Number(level));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels[0]).toBe(1);
    for (const [index, level] of levels.entries()) expect(level - (levels[index - 1] ?? 1)).toBeLessThanOrEqual(1);
  });

  test('every id is unique and every link and label leads to one', () => {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const named = [
      ...[...page.matchAll(/ href="#([^"]*)"/g)].map(([, id]) => id),
      ...[...page.matchAll(/ aria-labelledby="([^"]*)"/g)].flatMap(([, list = '']) => list.split(' ')),
    ];
    expect(named.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test('asks nothing of the network and carries no style or handler in an attribute', () => {
    expect(page).not.toMatch(/<(script|link|img|iframe|object|embed|base|form)\b/i);
    expect(page).not.toMatch(/\s(style|src|srcset|on[a-z]+)\s*=/i);
    expect(page).not.toMatch(/@import|url\(/i);
    expect([...page.matchAll(/ href="([^"]*)"/g)].every(([, href = '']) => href.startsWith('#'))).toBe(true);
  });

  test('every table has a caption and heads with a scope', () => {
    const tables = page.split('<table').slice(1);
    for (const table of tables) {
      expect(table).toMatch(/<caption>\s*\S/);
      expect(table).toContain('scope="col"');
      expect(table).toContain('scope="row"');
    }
  });
});

describe('the head', () => {
  const page = drawn(fullReport());

  test('comes before everything, with the policy given', () => {
    expect(page).toMatch(/^<!doctype html>\s*<html lang="en">\s*<head>\s*<meta charset="utf-8" ?\/?>/);
    expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<style>'));
    expect(page).toContain('content="default-src &#39;none&#39;"');
  });

  test('holds one style element, whose text is what a policy may take the hash of', () => {
    expect(page.split('<style').length).toBe(2);
    expect(page).toContain(`<style>${pageStyle(PARTS.extraStyle)}</style>`);
    expect(() => pageStyle('</style><script>')).toThrow('ends the style element');
  });

  test('dark is for screens alone', () => {
    const style = pageStyle('');
    expect(style).toContain('@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light])');
    expect(style).toContain('@media screen{:root[data-theme=dark]');
  });
});

test('landmarks, a way past the contents and a button for the theme', () => {
  const page = drawn(fullReport());
  for (const element of ['<header', '<nav', '<main id="main"', '<a class="skip" href="#main"', '<button id="theme"']) {
    expect(page.split(element)).toHaveLength(2);
  }
});

test('the table of contents follows the page', () => {
  const page = drawn(fullReport());
  const contents = page.slice(page.indexOf('<nav'), page.indexOf('</nav>'));
  const lines = [...contents.matchAll(/ href="#([^"]*)"/g)].map(([, id]) => id);
  const sections = [...page.matchAll(/<section id="([^"]*)"/g)].map(([, id]) => id);
  expect(lines).toEqual(sections);
  expect(lines).toEqual(
    'occasion flow shares services cutover questions owners answers security findings models about images'.split(' '),
  );
});

test('what to type next stands on the first screen, its remark beside it', () => {
  const page = drawn(fullReport());
  const first = page.slice(page.indexOf('id="verdict"'), page.indexOf('<section id='));
  expect(first).toContain('<code tabindex="0">glance-retype migrate --yes</code>');
  expect(textOf(first)).toContain('# settles what changed');
});
