import { expect, test } from 'vitest';
import { DARK, LIGHT } from '../../../../src/report/html/page/palette.ts';
import { pageStyle } from '../../../../src/report/html/page/style.ts';

test('every colour that a rule uses is a colour of both themes', () => {
  const used = [...pageStyle('').matchAll(/var\(--([\w-]+)\)/g)].map(([, name]) => name ?? '');
  expect(used.length).toBeGreaterThan(50);
  for (const name of used) expect([name, name in LIGHT, name in DARK]).toEqual([name, true, true]);
});

test('rules of others come last; one that ends the element is refused', () => {
  expect(pageStyle('.mine{color:red}').endsWith('.mine{color:red}')).toBe(true);
  expect(() => pageStyle('</STYLE >')).toThrow('a style rule ends the style element');
});
