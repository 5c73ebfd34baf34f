import type { ImageData } from '../images/data.ts';
import { doneText, fileNameOf, idList } from '../images/id-list.ts';
import type { ImageQuery } from '../images/query.ts';
import { clipboardTakes } from './clipboard.ts';
import { element } from './dom.ts';

/** What the table shows now: all rows of the filter, whether they are in sight or not. */
export interface Found {
  readonly query: ImageQuery;
  readonly rows: Uint32Array;
}

/** Buttons that copy or save the ids of everything found, and a line that says what was done. */
export function createIdButtons(data: ImageData, found: () => Found): readonly HTMLElement[] {
  const said = element('p', { 'aria-live': 'polite', id: 'images-done' });
  const copy = element('button', { type: 'button' }, 'Copy ids');
  copy.addEventListener('click', () => void copyFound());
  const copyFound = async (): Promise<void> => {
    const { rows } = found();
    const taken = await clipboardTakes(idList(data, rows));
    said.textContent =
      taken === 'taken'
        ? doneText(rows.length, 'copied', data)
        : 'The browser does not allow it: save the ids instead.';
  };
  const save = element('button', { type: 'button' }, 'Save ids as .txt');
  save.addEventListener('click', () => {
    const { query, rows } = found();
    saveText(fileNameOf(query), idList(data, rows));
    said.textContent = doneText(rows.length, 'saved', data);
  });
  return [copy, save, said];
}

/** Time for a browser to begin with the file before its address ends. */
const KEPT_FOR_MS = 60_000;

function saveText(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  element('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_FOR_MS);
}
