import { describe, expect, it } from 'vitest';
import type { ImageData } from '../../../../src/report/html/images/data.ts';
import { createImageIndex, createOrders } from '../../../../src/report/html/images/index.ts';
import { EVERYTHING, type ImageQuery, type SortOrder } from '../../../../src/report/html/images/query.ts';
import { decided } from '../../made-images.ts';
import { ACCEPTED, MBR, prediction, UNKNOWN } from '../../made-services.ts';
import { dataOf, IMAGES, QCOW2 } from './made-data.ts';

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
    ['undecided, of both kinds', { status: 'undecided' }, '2 4'],
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
    ['cutover breaks', { cutover: 'breaks' }, '5'],
    ['cutover improves', { cutover: 'improves' }, ''],
    ['owner', { owner: 'tenant-a' }, '5 10'],
    ['no owner', { owner: 'NULL' }, '2'],
    ['owner and status', { owner: 'tenant-b', status: 'ambiguous' }, '4'],
    ['two at once', { status: 'ambiguous', disk_format: 'raw' }, '2'],
    ['nothing there', { status: 'unmappable' }, ''],
  ])('%s', (_, facets, expected) => {
    expect(ids({ facets })).toBe(expected);
  });

  it('what a service does, by its title', () => {
    const made = dataOf([
      [{ id: 'id-1' }, decided({ services: [prediction('nova', MBR, ACCEPTED), prediction('cinder', UNKNOWN, MBR)] })],
      [{ id: 'id-2' }, decided({ services: [prediction('nova', ACCEPTED, ACCEPTED)] })],
      [{ id: 'id-3' }, decided()],
    ]);
    const found = createImageIndex(made);
    const at = (query: Partial<ImageQuery>) =>
      [...found.select({ ...EVERYTHING, ...query })].map((place) => made.columns.id[place]);
    expect(found.values('service')).toEqual([
      { value: 'Cinder: unknown', count: 1 },
      { value: 'Cinder: unknown, the bytes were not read', count: 1 },
      { value: 'Nova: stays accepted', count: 1 },
      { value: 'Nova: will be refused', count: 1 },
      { value: 'Nova: will be refused, mbr (safety)', count: 1 },
    ]);
    expect(at({ facets: { service: 'Nova: will be refused, mbr (safety)' } })).toEqual(['id-1']);
    expect(at({ facets: { service: 'Nova: stays accepted' } })).toEqual(['id-2']);
    expect(at({ text: 'MBR nova' })).toEqual(['id-1']);
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
      { value: 'undecided', count: 2 },
      { value: 'not-applicable', count: 1 },
    ]);
    expect(index.values('envelope')).toEqual([]);
    expect(index.values('owner')[0]).toEqual({ value: 'tenant-a', count: 2 });
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

function ordered(images: ImageData, sort: SortOrder): string {
  return Array.from(createOrders(images)(sort), (place) => images.columns.id[place]?.slice(3)).join(' ');
}

describe('order', () => {
  it.each<[SortOrder, string]>([
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
    expect(ordered(data, sort)).toBe(expected);
  });

  it('ids that are all numbers go by number', () => {
    const numbered = dataOf(['10', '9', '100', '1'].map((id) => [{ id }, QCOW2] as const));
    const rows = createOrders(numbered)({ column: 'id', direction: 'ascending' });
    expect(Array.from(rows, (place) => numbered.columns.id[place])).toEqual(['1', '9', '10', '100']);
  });
});
