import type { ImageData } from '../images/data.ts';
import { createImageIndex } from '../images/index.ts';
import { EVERYTHING, readFilter, readHash, writeHash, type ImageQuery, type SortColumn } from '../images/query.ts';
import { countText, imagesText } from '../../words/number-text.ts';
import { clipboardTakes } from './clipboard.ts';
import { createControls } from './controls.ts';
import { createDetails } from './details.ts';
import { byId, element } from './dom.ts';
import { createGrid } from './grid.ts';
import { createIdButtons } from './id-buttons.ts';

const COPIED_FOR_MS = 2_000;
/** Browsers refuse some hundred changes of the address within half a minute. */
const HASH_AFTER_MS = 250;

document.documentElement.dataset['script'] = 'on';
wireTheme(document.getElementById('theme'));
wireCopy();
showImages(JSON.parse(byId('image-data').textContent) as ImageData);

function showImages(data: ImageData): void {
  const live = byId('images-live');
  const title = byId('images-title');
  const index = createImageIndex(data);
  if (index.size === 0) return;

  let query: ImageQuery = EVERYTHING;
  let rows: Uint32Array = new Uint32Array();
  let hashTimer = 0;
  const found = element('p', { 'aria-live': 'polite', id: 'images-count' });
  const details = createDetails(data);
  const apply = (next: ImageQuery): void => {
    query = next;
    rows = index.select(next);
    grid.show(rows, next.sort);
    found.textContent = `${countText(rows.length)} of ${imagesText(index.size)}`;
    clearTimeout(hashTimer);
    hashTimer = setTimeout(() => {
      if (next !== EVERYTHING || readHash(location.hash) !== null)
        history.replaceState(null, '', `#${writeHash(next)}`);
    }, HASH_AFTER_MS);
  };
  const goTo = (next: ImageQuery): void => {
    details.close();
    controls.show(next);
    apply(next);
    title.scrollIntoView();
    title.focus({ preventScroll: true });
  };
  const controls = createControls(
    index,
    found,
    (change) => apply({ ...change, sort: query.sort }),
    createIdButtons(data, () => ({ query, rows })),
  );
  const grid = createGrid(data, {
    onOpen: (row) => details.open(row),
    onSort: (column) => apply({ ...query, sort: nextSort(query, column) }),
  });

  live.append(controls.element, grid.element, details.element);
  live.hidden = false;
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-filter]') : null;
    if (link === null) return;
    event.preventDefault();
    goTo(readFilter(link.dataset['filter'] ?? ''));
  });
  // A bare #images scrolls to the table and keeps its filters.
  const asked = (): ImageQuery | null => (location.hash.includes('?') ? readHash(location.hash) : null);
  addEventListener('hashchange', () => {
    const wanted = asked();
    if (wanted !== null) goTo(wanted);
  });
  // After the first rows are drawn, so that the first letter typed does not wait for it.
  setTimeout(() => index.prepareSearch());
  const wanted = asked();
  if (wanted === null) apply(EVERYTHING);
  else goTo(wanted);
}

/** Ascending, descending, then attention first again. */
function nextSort({ sort }: ImageQuery, column: SortColumn): ImageQuery['sort'] {
  if (sort?.column !== column) return { column, direction: 'ascending' };
  return sort.direction === 'ascending' ? { column, direction: 'descending' } : null;
}

/** Switches between light and dark, for this page and this visit only. */
function wireTheme(button: HTMLElement | null): void {
  button?.addEventListener('click', () => {
    const root = document.documentElement;
    const now = root.dataset['theme'] ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
    root.dataset['theme'] = now === 'dark' ? 'light' : 'dark';
  });
}

/** A click on an element with `data-copy` puts that text on the clipboard, and says so in the element. */
function wireCopy(): void {
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-copy]') : null;
    if (button !== null) void copy(button);
  });
}

async function copy(button: HTMLElement): Promise<void> {
  const label = (button.dataset['label'] ??= button.textContent);
  const taken = await clipboardTakes(button.dataset['copy'] ?? '');
  button.textContent = taken === 'taken' ? 'Copied' : 'Not allowed: copy by hand';
  setTimeout(() => {
    button.textContent = label;
  }, COPIED_FOR_MS);
}
