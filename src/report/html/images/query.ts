import { formatWord } from '../../../model/fold-word.ts';
import type { ImageData, ImageKind } from './data.ts';

/**
 * What the table can be filtered by, one value each: the label, and the values of a kind. Links name them:
 * `data-filter="question:raw-bare-3fa2c19d"`.
 */
export const FACET_TABLE = {
  status: ['Status', (kind) => statusValues(kind)],
  image_type: ['Image type', (kind) => [kind.imageType]],
  container_type: ['Container type', (kind) => [kind.containerType]],
  envelope: ['Envelope', (kind) => [kind.envelope]],
  disk_format: ['disk_format', (kind) => [kind.disk]],
  container_format: ['container_format', (kind) => [kind.container]],
  finding: ['Finding', (kind) => kind.findings],
  safety: ['Security', (kind) => kind.safety],
  question: ['Question', (kind) => [kind.question]],
  cutover: ['Cutover', (kind) => cutoverValues(kind)],
  rule: ['Rule', (kind) => [kind.rule]],
  answer: ['Answer', (kind) => [kind.answer]],
  service: ['OpenStack', (kind, { services }) => kind.services.flatMap((place) => services[place]?.words ?? [])],
  /** The only one that is no part of a kind. */
  owner: ['Owner', null],
} as const satisfies Readonly<Record<string, readonly [label: string, values: ValuesOf | null]>>;

type ValuesOf = (kind: ImageKind, data: Pick<ImageData, 'services'>) => readonly (string | null)[];

/** Both kinds of undecided images are found by one word as well. */
function statusValues({ status }: ImageKind): readonly string[] {
  return status === 'ambiguous' || status === 'unmappable' ? [status, 'undecided'] : [status];
}

/** What differs is found by that word, and by whether it breaks or improves: where Nova refuses it today. */
function cutoverValues({ cutover, today }: ImageKind): readonly string[] {
  return cutover === 'differs' ? [cutover, today === 'refuse' ? 'improves' : 'breaks'] : [cutover];
}

/** The value of an owner; images without one are found as well. `owner` as the page's data has it. */
export function ownerValue(owner: string | null): string {
  return formatWord(owner);
}

export type Facet = keyof typeof FACET_TABLE;
export const FACETS = Object.keys(FACET_TABLE) as readonly Facet[];

export const COLUMN_TITLES = {
  name: 'Name',
  id: 'Id',
  tuple: 'Declared',
  becomes: 'Becomes',
  status: 'Status',
  cutover: 'Cutover',
  findings: 'Findings',
  owner: 'Owner',
  rule: 'Rule',
} as const;
export type SortColumn = keyof typeof COLUMN_TITLES;
export const SORT_COLUMNS = Object.keys(COLUMN_TITLES) as readonly SortColumn[];

export interface SortOrder {
  readonly column: SortColumn;
  readonly direction: 'ascending' | 'descending';
}

export interface ImageQuery {
  /** Words, all of which must be found. */
  readonly text: string;
  readonly facets: Readonly<Partial<Record<Facet, string>>>;
  /** null: what needs attention first. */
  readonly sort: SortOrder | null;
}

export const EVERYTHING: ImageQuery = { text: '', facets: {}, sort: null };

/** Reads `#images?status=ambiguous&sort=name` and ignores unknown words. Null for a hash about something else. */
export function readHash(hash: string): ImageQuery | null {
  const match = /^#?images(?:\?(.*))?$/s.exec(hash);
  if (match === null) return null;
  const given = new URLSearchParams(match[1] ?? '');
  const column = SORT_COLUMNS.find((known) => known === given.get('sort'));
  return {
    text: given.get('text') ?? '',
    facets: facetsFrom((facet) => given.get(facet)),
    sort:
      column === undefined
        ? null
        : { column, direction: given.get('direction') === 'descending' ? 'descending' : 'ascending' },
  };
}

/** The reverse of `readHash`, without `#`. */
export function writeHash({ text, facets, sort }: ImageQuery): string {
  const words = new URLSearchParams();
  if (text !== '') words.set('text', text);
  for (const facet of FACETS) {
    const value = facets[facet];
    if (value !== undefined) words.set(facet, value);
  }
  if (sort !== null) {
    words.set('sort', sort.column);
    if (sort.direction === 'descending') words.set('direction', sort.direction);
  }
  const written = words.toString();
  return written === '' ? 'images' : `images?${written}`;
}

/**
 * Reads a `data-filter` attribute: `status:ambiguous`, several joined by `&`; `&` and `%` in values are
 * percent-encoded. The empty text asks for everything.
 */
export function readFilter(filter: string): ImageQuery {
  const given = new Map(
    filter.split('&').map((pair): [string, string] => {
      const colon = pair.indexOf(':');
      return [pair.slice(0, Math.max(colon, 0)), decoded(pair.slice(colon + 1))];
    }),
  );
  return { ...EVERYTHING, facets: facetsFrom((facet) => given.get(facet) ?? null) };
}

/** The reverse of `readFilter`. Values are as the table shows them: `safeText(formatWord(word))` for a format word. */
export function writeFilter(facets: ImageQuery['facets']): string {
  return FACETS.flatMap((facet) => {
    const value = facets[facet];
    return value === undefined ? [] : [`${facet}:${value.replaceAll(/[%&]/g, encodeURIComponent)}`];
  }).join('&');
}

function facetsFrom(valueOf: (facet: Facet) => string | null): ImageQuery['facets'] {
  return Object.fromEntries(
    FACETS.flatMap((facet) => {
      const value = valueOf(facet);
      return value === null || value === '' ? [] : [[facet, value]];
    }),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
