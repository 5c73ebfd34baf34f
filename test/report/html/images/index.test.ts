import { describe, expect, it } from 'vitest';

import type { Decision } from '../../../../src/model/decision.ts';
import type { ImageRecord } from '../../../../src/model/image.ts';
import { imageBlock } from '../../../../src/report/html/images/block.ts';
import { createImageCollector } from '../../../../src/report/html/images/collector.ts';
import type { ImageData } from '../../../../src/report/html/images/data.ts';
import { imageData } from '../../../../src/report/html/images/dictionary.ts';
import { createImageIndex } from '../../../../src/report/html/images/index.ts';
import { EVERYTHING, type ImageQuery } from '../../../../src/report/html/images/query.ts';
import { safeText } from '../../../../src/report/words/safe-text.ts';
import { ambiguous, decided, NASTY, notApplicable, READ, row, classification } from '../../made-images.ts';

type Made = readonly (readonly [Partial<ImageRecord>, Decision])[];

function dataOf(images: Made): ImageData {
  const collector = createImageCollector(1_000_000);
  for (const [columns, decision] of images) collector.add(row(columns).image, decision);
  return imageData(collector.result());
}

const QCOW2 = decided({ rule: 'QCOW2_BARE' });
const RAW = ambiguous({ rule: 'RAW_BARE' });
const IMAGES: Made = [
  [{ id: 'id-3', name: 'Zebra', owner: 'tenant-b' }, QCOW2],
  [{ id: 'id-10', name: 'apple', owner: 'tenant-a' }, QCOW2],
  [{ id: 'id-2', name: null, owner: null, diskFormat: 'raw' }, RAW],
  [{ id: 'id-4', name: 'apple', owner: 'tenant-b', diskFormat: 'RAW', containerFormat: null }, RAW],
  [
    { id: 'id-5', name: 'kernel', owner: 'tenant-a', diskFormat: 'ami', containerFormat: 'ami' },
    decided({
      rule: 'AMI',
      classification: classification('filesystem', 'raw'),
      disposition: 'boot-with-kernel',
      findings: ['FS_NO_KERNEL', 'UNSAFE_CONTENT'],
      content: { ...READ, safety: ['BACKING_FILE'] },
      answered: { answer: 'all-ami', question: null, agreement: 'candidate' },
    }),
  ],
  [{ id: 'id-6', name: 'queued', diskFormat: null, containerFormat: '', status: 'queued' }, notApplicable()],
];

const data = dataOf(IMAGES);
const index = createImageIndex(data);
const ids = (query: Partial<ImageQuery>) =>
  [...index.select({ ...EVERYTHING, ...query })].map((place) => data.columns.id[place]?.slice(3)).join(' ');

describe('facets', () => {
  it('everything, what needs attention first', () => {
    expect(ids({})).toBe('5 2 4 3 10 6');
  });

  it.each<[string, ImageQuery['facets'], string]>([
    ['status', { status: 'ambiguous' }, '2 4'],
    ['image type', { image_type: 'filesystem' }, '5'],
    ['container type', { container_type: 'qcow2' }, '3 10'],
    ['disk_format as it was found', { disk_format: 'RAW' }, '4'],
    ['disk_format NULL', { disk_format: 'NULL' }, '6'],
    ['container_format NULL is not the empty string', { container_format: 'NULL' }, '4'],
    ['container_format empty', { container_format: "''" }, '6'],
    ['one finding of several', { finding: 'UNSAFE_CONTENT' }, '5'],
    ['security', { safety: 'BACKING_FILE' }, '5'],
    ['cutover differs', { cutover: 'differs' }, '5'],
    ['cutover same', { cutover: 'same' }, '3 10'],
    ['cutover open', { cutover: 'open' }, '2 4 6'],
    ['rule', { rule: 'RAW_BARE' }, '2 4'],
    ['answer', { answer: 'all-ami' }, '5'],
    ['two at once', { status: 'ambiguous', disk_format: 'raw' }, '2'],
    ['nothing there', { status: 'unmappable' }, ''],
  ])('%s', (_, facets, expected) => {
    expect(ids({ facets })).toBe(expected);
  });

  it('a question by the id that the plan gives it', () => {
    const [first] = index.values('question');
    expect(first?.value).toMatch(/^raw-(bare|null)-[0-9a-f]{8}$/);
    expect(ids({ facets: { question: first?.value ?? '' } }).split(' ')).toHaveLength(first?.count ?? 0);
  });

  it('values are counted, most frequent first', () => {
    expect(index.values('status')).toEqual([
      { value: 'inferred', count: 3 },
      { value: 'ambiguous', count: 2 },
      { value: 'not-applicable', count: 1 },
    ]);
    expect(index.values('envelope')).toEqual([]);
  });
});

describe('search', () => {
  it.each([
    ['a name, capitals aside', 'ZEBRA', '3'],
    ['an id', 'id-10', '10'],
    ['an owner', 'tenant-b', '4 3'],
    ['a tuple', 'ami/ami', '5'],
    ['a rule', 'raw_bare', '2 4'],
    ['a finding', 'unsafe', '5'],
    ['a type', 'disk/qcow2', '3 10'],
    ['a status of Glance', 'queued', '6'],
    ['words in any order, in different columns', 'tenant-b  apple ', '4'],
    ['nothing', 'pear', ''],
    ['not across two columns', 'id-3zebra', ''],
    ['blanks alone', '   ', '5 2 4 3 10 6'],
  ])('%s', (_, text, expected) => {
    expect(ids({ text })).toBe(expected);
  });

  it('and facets together', () => {
    expect(ids({ text: 'apple', facets: { status: 'inferred' } })).toBe('10');
  });
});

describe('order', () => {
  it.each<[ImageQuery['sort'], string]>([
    [{ column: 'name', direction: 'ascending' }, '2 4 10 5 6 3'],
    [{ column: 'name', direction: 'descending' }, '3 6 5 4 10 2'],
    [{ column: 'id', direction: 'ascending' }, '10 2 3 4 5 6'],
    [{ column: 'owner', direction: 'ascending' }, '2 6 5 10 4 3'],
    [{ column: 'status', direction: 'ascending' }, '5 3 10 2 4 6'],
    [{ column: 'cutover', direction: 'descending' }, '5 2 4 6 3 10'],
    [{ column: 'findings', direction: 'descending' }, '5 2 4 3 10 6'],
    [{ column: 'rule', direction: 'ascending' }, '5 3 10 2 4 6'],
    [{ column: 'tuple', direction: 'ascending' }, '5 6 3 10 2 4'],
    [{ column: 'becomes', direction: 'ascending' }, '6 3 10 2 4 5'],
  ])('%o', (sort, expected) => {
    expect(ids({ sort })).toBe(expected);
  });

  it('ids that are all numbers go by number', () => {
    const numbered = dataOf(['10', '9', '100', '1'].map((id) => [{ id }, QCOW2] as const));
    const rows = createImageIndex(numbered).select({ ...EVERYTHING, sort: { column: 'id', direction: 'ascending' } });
    expect([...rows].map((place) => numbered.columns.id[place])).toEqual(['1', '9', '10', '100']);
  });
});

describe('data block', () => {
  const text = (made: ImageData) => [...imageBlock(made)].join('');
  const inner = (block: string) =>
    /^<script type="application\/json" id="image-data">(.*)<\/script>\n$/s.exec(block)?.[1] ?? '';

  it('parses to the same data', () => {
    expect(JSON.parse(inner(text(data)))).toEqual(data);
  });

  it('parses to the same data in many pieces', () => {
    const many = dataOf(
      Array.from({ length: 12_345 }, (_, place) => [{ id: `${place}`, owner: `o${place % 7}` }, QCOW2] as const),
    );
    expect(JSON.parse(inner(text(many)))).toEqual(many);
    expect(many.owners).toHaveLength(7);
    expect(many.kinds).toHaveLength(1);
    expect([...imageBlock(many)].length).toBeGreaterThan(10);
  });

  it('nothing in it can end the element or be taken for a comment, and no character is invisible', () => {
    const hard = [...NASTY, '</script><script>alert(1)</script>', '<!--<script>', ']]>'];
    const block = text(
      dataOf(
        hard.map(
          (name, place) =>
            [
              { id: `${place}${name}`, name, owner: name, status: name, diskFormat: name, containerFormat: name },
              decided({ rule: name, reason: name, evidence: [{ kind: name, detail: name }] }),
            ] as const,
        ),
      ),
    );
    expect(inner(block)).not.toContain('<');
    expect(block).toBe(safeText(block.trimEnd()) + '\n');
    const read = JSON.parse(inner(block)) as ImageData;
    expect([...read.columns.name]).toEqual(hard.map(safeText));
    expect(read.sights).toEqual(hard.map((text) => [safeText(text), safeText(text)]));
    expect(read.kinds.map(({ rule, reason, glance }) => [rule, reason, glance])).toEqual(
      hard.map((text) => [safeText(text), safeText(text), safeText(text)]),
    );
  });

  it('images that are alike share everything but id, name and owner', () => {
    const own = [1, 2, 3].map(
      (number) =>
        [{ id: `${number}` }, { ...QCOW2, evidence: [{ kind: 'property', detail: `kernel_id=${number}` }] }] as const,
    );
    const { kinds, evidence, sights } = dataOf([...own, ...own]);
    expect([kinds.length, evidence.length, sights.length]).toEqual([1, 3, 3]);
  });
});
