import { countText } from '../../words/number-text.ts';
import type { ImageIndex } from '../images/index.ts';
import { EVERYTHING, type Facet, FACET_TABLE, FACETS, type ImageQuery } from '../images/query.ts';
import { element } from './dom.ts';

/** Values offered for one facet; the text search finds the rest. */
const MOST_VALUES = 300;

const CUTOVER_WORDS: Readonly<Record<string, string>> = {
  same: 'treated as today',
  differs: 'treated differently',
  breaks: 'breaks',
  improves: 'improves',
  open: 'not decided',
};

export interface Controls {
  readonly element: HTMLElement;
  /** Shows a query that came from elsewhere. */
  show(query: ImageQuery): void;
}

/**
 * The search field, the filters, and the line with the number of images found.
 *
 * @param more what stands at the end of that line.
 */
export function createControls(
  index: ImageIndex,
  count: HTMLElement,
  onChange: (change: Omit<ImageQuery, 'sort'>) => void,
  more: readonly HTMLElement[],
): Controls {
  const search = element('input', { id: 'images-text', type: 'search', autocomplete: 'off', spellcheck: 'false' });
  const filters = FACETS.map((facet) => createFilter(facet, index));
  const changed = (): void => {
    const chosen = filters.flatMap(({ facet, select }) =>
      select.value === '' ? [] : [[facet, select.value] as const],
    );
    onChange({ text: search.value, facets: Object.fromEntries(chosen) });
  };
  search.addEventListener('input', changed);
  for (const { select } of filters) select.addEventListener('change', changed);
  const show = (query: ImageQuery): void => {
    if (search.value !== query.text) search.value = query.text;
    for (const filter of filters) filter.show(query.facets[filter.facet] ?? '');
  };
  const reset = element('button', { type: 'button' }, 'Show all images');
  reset.addEventListener('click', () => {
    show(EVERYTHING);
    onChange(EVERYTHING);
  });
  const form = element(
    'div',
    { class: 'images-controls', role: 'search', 'aria-label': 'Images' },
    element(
      'div',
      { class: 'images-search' },
      element('label', { for: search.id }, 'Search id, name, owner, format, rule, finding'),
      search,
    ),
    ...filters.map(({ field }) => field),
  );
  return { element: element('div', {}, form, element('div', { class: 'images-line' }, count, reset, ...more)), show };
}

interface Filter {
  readonly facet: Facet;
  readonly select: HTMLSelectElement;
  readonly field: HTMLElement;
  show(value: string): void;
}

function createFilter(facet: Facet, index: ImageIndex): Filter {
  const values = index.values(facet);
  const select = element('select', { id: `images-${facet}` }, element('option', { value: '' }, 'any'));
  for (const { value, count } of values.slice(0, MOST_VALUES)) {
    select.append(element('option', { value }, `${wordOf(facet, value)} (${countText(count)})`));
  }
  const field = element('div', {}, element('label', { for: select.id }, FACET_TABLE[facet][0]), select);
  field.hidden = values.length === 0;
  return {
    facet,
    select,
    field,
    show(value) {
      if (select.value === value) return;
      if (![...select.options].some((option) => option.value === value)) {
        select.append(element('option', { value }, wordOf(facet, value)));
      }
      if (value !== '') field.hidden = false;
      select.value = value;
    },
  };
}

function wordOf(facet: Facet, value: string): string {
  return facet === 'cutover' ? (CUTOVER_WORDS[value] ?? value) : value;
}
