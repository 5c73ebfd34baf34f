import { expect, it, test } from 'vitest';
import { html } from '../../../../src/report/html/markup/escape.ts';
import {
  commandHtml,
  dataTable,
  factsHtml,
  idHtml,
  imagesLink,
  noteHtml,
  renderContents,
  renderSection,
  sampleIdsHtml,
  tupleHtml,
  unbroken,
} from '../../../../src/report/html/markup/fragments.ts';
import { textOf } from '../made-report.ts';

it('a remark behind a command is shown and not copied', () => {
  const markup = commandHtml(`glance-retype explain 'a b'     # the "trace"`).toString();
  expect(markup).toContain('data-copy="glance-retype explain &#39;a b&#39;"');
  expect(markup).toContain('<span class="remark"># the &quot;trace&quot;</span>');
  expect(commandHtml('glance-retype plan').toString()).not.toContain('remark');
});

it('each word of a tuple has a direction of its own', () => {
  expect(tupleHtml({ diskFormat: null, containerFormat: '<x>' }).toString()).toContain(
    '<bdi>NULL</bdi> / <bdi>&lt;x&gt;</bdi>',
  );
});

it('ids are joined by commas; of none there is nothing', () => {
  expect(sampleIdsHtml(['a', 'b']).toString()).toBe('<code class="id">a</code>, <code class="id">b</code>');
  expect(sampleIdsHtml([]).toString()).toBe('');
});

it('a filter cannot end its attribute', () => {
  expect(imagesLink('rule:"><script>', '3').toString()).toBe(
    '<a href="#images" data-filter="rule:&quot;&gt;&lt;script&gt;">3</a>',
  );
});

it('facts are terms with texts', () => {
  expect(
    factsHtml(
      [
        ['a', '<'],
        ['b', '2'],
      ],
      'facts panel',
    )
      .toString()
      .replaceAll(/\s+/g, ''),
  ).toBe('<dlclass="factspanel"><dt>a</dt><dd>&lt;</dd><dt>b</dt><dd>2</dd></dl>');
});

it('a note has its severity, title, paragraph, facts and samples', () => {
  const note = { code: 'C_1', severity: 'error', title: 'a title', sampleIds: ['i1'] } as const;
  const markup = noteHtml(note, 'a paragraph', '3 images', 'h4', [['seen', 'x']]).toString();
  expect(textOf(markup)).toBe(' error a title 3 images a paragraph code C_1 seen x for example i1 ');
  expect(markup).toContain('<span class="tone bad">error</span>');
  expect(markup).toContain('</h4');
});

const columns = { name: 'head', count: 'number', why: 'text' } as const;

it('heads name their column or row, numbers are marked', () => {
  const markup = dataTable({ caption: 'C < D', columns, rows: [['a', '1', '<i>']] })
    .toString()
    .replaceAll(/\s+/g, ' ');
  expect(markup).toContain('<caption> C &lt; D </caption>');
  expect(markup).toContain(
    '<th scope="col">name</th><th scope="col" class="number">count</th><th scope="col">why</th>',
  );
  expect(markup).toContain('<th scope="row">a</th><td class="number">1</td><td>&lt;i&gt;</td>');
});

it('is nothing without rows', () => {
  expect(dataTable({ caption: 'C', columns, rows: [] }).toString()).toBe('');
});

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

it('words with hyphens are kept whole in text of this program, and its words stay the same', () => {
  const markup = unbroken('plan --probe all <b>').toString();
  expect(markup).toBe('plan <span class="unbroken">--probe</span> all &lt;b&gt;');
  expect(unbroken(`a-${'b'.repeat(50)}`).toString()).not.toContain('span');
});

it('an id longer than any of Glance may be broken', () => {
  expect(idHtml('4f0c7a1e-1d1c-4b57-9a53-3f4b9d2c1a10').toString()).toContain('class="id"');
  expect(idHtml('x'.repeat(45)).toString()).toContain('class="id long"');
});
