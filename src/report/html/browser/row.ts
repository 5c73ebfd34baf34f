import type { ImageData } from '../images/data.ts';
import type { SortColumn } from '../images/query.ts';
import { element } from './dom.ts';

export const COLUMN_TITLES: Readonly<Record<SortColumn, string>> = {
  name: 'Name',
  id: 'Id',
  tuple: 'Declared',
  becomes: 'Becomes',
  status: 'Status',
  cutover: 'Cutover',
  findings: 'Findings',
  owner: 'Owner',
  rule: 'Rule',
};

/** One row of the table. `place` counts from 0 in the rows found; the heading is row 1 to a screen reader. */
export function createRow(data: ImageData, row: number, place: number): HTMLTableRowElement {
  const { columns, kinds, owners } = data;
  const made = element('tr', { role: 'row', tabindex: '-1', 'aria-rowindex': String(place + 2) });
  const kind = kinds[columns.kind[row] ?? 0];
  if (kind === undefined) return made;
  const cutover = cell(kind.after === null ? '-' : kind.cutover === 'same' ? 'same' : `${kind.today} → ${kind.after}`);
  if (kind.cutover === 'differs') cutover.className = 'images-differs';
  made.append(
    cell(columns.name[row] ?? '-', 'rowheader'),
    cell(columns.id[row] ?? '', 'gridcell', element('code')),
    cell(`${kind.disk} / ${kind.container}`),
    cell(kind.becomes),
    cell(kind.status),
    cutover,
    cell(kind.findings.join(', ')),
    cell(owners[columns.owner[row] ?? 0] ?? '-'),
    cell(kind.rule),
  );
  return made;
}

function cell(
  text: string,
  role: 'rowheader' | 'gridcell' = 'gridcell',
  holder: HTMLElement | null = null,
): HTMLElement {
  const made = element('td', { role });
  if (holder === null) {
    made.textContent = text;
  } else {
    holder.textContent = text;
    made.append(holder);
  }
  return made;
}
