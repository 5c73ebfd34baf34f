import type { ImageData, ImageKind } from '../images/data.ts';
import { COLUMN_TITLES, SORT_COLUMNS, type SortColumn, type SortOrder } from '../images/query.ts';
import { scrollTopFor, type Seen, viewport } from '../images/viewport.ts';
import { element } from './dom.ts';

export interface Grid {
  readonly element: HTMLElement;
  show(rows: Uint32Array, sort: SortOrder | null): void;
}

interface GridEvents {
  readonly onOpen: (row: number) => void;
  readonly onSort: (column: SortColumn) => void;
}

/**
 * A table of which only the visible rows exist. One row is in the tab order; arrows, page keys, Home and End move it.
 * The row that has the focus stays in the document wherever the table is scrolled to.
 */
export function createGrid(data: ImageData, { onOpen, onSort }: GridEvents): Grid {
  const headings = SORT_COLUMNS.map((column) => {
    const button = element('button', { type: 'button' }, COLUMN_TITLES[column]);
    button.addEventListener('click', () => onSort(column));
    return { column, cell: element('th', { role: 'columnheader', scope: 'col', 'aria-sort': 'none' }, button) };
  });
  const head = element(
    'thead',
    { role: 'rowgroup' },
    element('tr', { role: 'row', 'aria-rowindex': '1' }, ...headings.map(({ cell }) => cell)),
  );
  const body = element('tbody', { role: 'rowgroup' });
  const table = element('table', { class: 'images-grid', role: 'grid', 'aria-labelledby': 'images-title' }, head, body);
  const scroller = element('div', { class: 'images-scroll' }, table);

  let rows: Uint32Array = new Uint32Array();
  let active = 0;
  let rowHeight = 0;
  const drawn = new Map<number, HTMLTableRowElement>();

  const seen = (): Seen => ({
    rows: rows.length,
    rowHeight,
    scrollTop: scroller.scrollTop,
    seenHeight: Math.max(rowHeight, scroller.clientHeight - head.offsetHeight),
  });

  const rowAt = (place: number): HTMLTableRowElement => {
    const found = drawn.get(place);
    if (found !== undefined) return found;
    const made = createRow(data, rows[place] ?? 0, place);
    const next = [...drawn.keys()].filter((other) => other > place).sort((a, b) => a - b)[0];
    body.insertBefore(made, next === undefined ? null : (drawn.get(next) ?? null));
    drawn.set(place, made);
    return made;
  };

  const draw = (): void => {
    rowHeight ||= measureRow(body);
    const view = viewport(seen());
    body.style.height = `${view.height}px`;
    for (const [place, row] of drawn) {
      if ((place >= view.first && place < view.end) || row === document.activeElement) continue;
      row.remove();
      drawn.delete(place);
    }
    for (let place = view.first; place < view.end; place += 1) rowAt(place);
    for (const [place, row] of drawn) {
      row.style.transform = `translateY(${view.top(place)}px)`;
      row.tabIndex = place === active ? 0 : -1;
    }
    // If the row in the tab order is out of sight, the first visible row takes its place: Tab must lead into the table.
    const standIn = drawn.has(active) ? undefined : drawn.get(view.seen);
    if (standIn !== undefined) standIn.tabIndex = 0;
  };

  const activate = (place: number): void => {
    if (rows.length === 0) return;
    active = Math.min(Math.max(0, place), rows.length - 1);
    scroller.scrollTop = scrollTopFor(active, seen());
    draw();
    rowAt(active).focus({ preventScroll: true });
  };

  const placeOf = (target: EventTarget | null): number | null => {
    const row = target instanceof Element ? target.closest('tbody tr') : null;
    for (const [place, candidate] of drawn) if (candidate === row) return place;
    return null;
  };

  let waiting = false;
  const drawSoon = (): void => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      draw();
    });
  };
  scroller.addEventListener('scroll', drawSoon, { passive: true });
  new ResizeObserver(() => {
    rowHeight = 0;
    drawSoon();
  }).observe(scroller);
  body.addEventListener('focusin', (event) => {
    const place = placeOf(event.target);
    if (place === null || place === active) return;
    active = place;
    drawSoon();
  });
  // For cells that are cut off. Set on hover only: a screen reader would read a title and the cell.
  body.addEventListener('mouseover', (event) => {
    const cell = event.target instanceof Element ? event.target.closest('td') : null;
    if (cell !== null) cell.title = cell.textContent;
  });
  body.addEventListener('click', (event) => {
    const place = placeOf(event.target);
    if (place === null) return;
    activate(place);
    onOpen(rows[place] ?? 0);
  });
  body.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onOpen(rows[active] ?? 0);
      return;
    }
    const to = placeAfterKey(event.key, active, seen());
    if (to === null) return;
    event.preventDefault();
    activate(to);
  });

  return {
    element: scroller,
    show(found, sort) {
      const hadFocus = body.contains(document.activeElement);
      scroller.scrollTop = 0;
      rows = found;
      active = 0;
      drawn.clear();
      body.replaceChildren();
      table.setAttribute('aria-rowcount', String(found.length + 1));
      for (const { column, cell } of headings) {
        cell.setAttribute('aria-sort', sort?.column === column ? sort.direction : 'none');
      }
      draw();
      if (hadFocus) activate(0);
    },
  };
}

function placeAfterKey(key: string, place: number, { rows, rowHeight, seenHeight }: Seen): number | null {
  const page = Math.max(1, Math.floor(seenHeight / rowHeight) - 1);
  switch (key) {
    case 'ArrowDown':
      return place + 1;
    case 'ArrowUp':
      return place - 1;
    case 'PageDown':
      return place + page;
    case 'PageUp':
      return place - page;
    case 'Home':
      return 0;
    case 'End':
      return rows - 1;
    default:
      return null;
  }
}

/** The style sheet says how tall a row is, in the reader's own font size. */
function measureRow(body: HTMLElement): number {
  const probe = element('tr', {}, element('td', {}, 'x'));
  body.append(probe);
  const height = probe.getBoundingClientRect().height;
  probe.remove();
  return height > 0 ? height : 34;
}

/** One row of the table. `place` counts from 0 in the rows found; the heading is row 1 to a screen reader. */
function createRow(data: ImageData, row: number, place: number): HTMLTableRowElement {
  const { columns, kinds, owners } = data;
  const made = element('tr', { role: 'row', tabindex: '-1', 'aria-rowindex': String(place + 2) });
  const kind = kinds[columns.kind[row] ?? 0];
  if (kind === undefined) return made;
  const cutover = cell(kind.after === null ? '-' : kind.cutover === 'same' ? 'same' : `${kind.today} → ${kind.after}`);
  if (kind.cutover === 'differs') cutover.className = 'images-differs';
  made.append(
    cell(columns.name[row] ?? '-', 'rowheader'),
    cell(element('code', {}, columns.id[row] ?? '')),
    cell(`${kind.disk} / ${kind.container}`),
    cell(becomesText(kind)),
    cell(kind.status),
    cutover,
    cell(kind.findings.join(', ')),
    cell(owners[columns.owner[row] ?? 0] ?? '-'),
    cell(kind.rule),
  );
  return made;
}

/** Of several candidates the best alone, so that the cell is not cut. */
function becomesText({ becomes, candidates: [best, ...others] }: ImageKind): string {
  return best === undefined || others.length < 2 ? becomes : `${best} or ${others.length} others`;
}

function cell(content: string | HTMLElement, role: 'rowheader' | 'gridcell' = 'gridcell'): HTMLElement {
  return element('td', { role }, content);
}
