import { expect, it } from 'vitest';

import {
  commandHtml,
  factsHtml,
  imagesLink,
  noteHtml,
  sampleIdsHtml,
  tupleHtml,
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
  expect(sampleIdsHtml(['a', 'b']).toString()).toBe('<code>a</code>, <code>b</code>');
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
