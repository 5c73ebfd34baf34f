import { expect, test } from 'vitest';
import { html } from '../../../../src/report/html/markup/escape.ts';
import { renderContents, renderSection } from '../../../../src/report/html/page/section.ts';

const section = { id: 'x', title: 'A < B', badge: '3', body: html`<p>body</p>` };

test('a section is named by its heading', () => {
  const markup = renderSection(section).toString();
  expect(markup).toContain('<section id="x" aria-labelledby="x-title">');
  expect(markup).toContain('<h2 id="x-title">A &lt; B</h2>');
  expect(markup).toContain('<p>body</p>');
});

test('the contents lead to every section and to the images, with figures where there are some', () => {
  const { badge: _, ...plain } = section;
  const markup = renderContents([section, { ...plain, id: 'y' }]).toString();
  expect([...markup.matchAll(/href="(#\w+)"/g)].map(([, to]) => to)).toEqual(['#x', '#y', '#images']);
  expect(markup.split('class="badge"')).toHaveLength(2);
});
