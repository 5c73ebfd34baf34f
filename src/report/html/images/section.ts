import { countText, imagesText } from '../../words/number-text.ts';
import { html, type SafeHtml } from '../markup/escape.ts';
import type { CollectedImages } from './collector.ts';
import type { ImageData } from './data.ts';

/** Rows shown without the script and on paper. */
const PLAIN_ROWS = 200;

/** The section of images: a place where the script builds the table, and the first images as a plain table. */
export function imageSection(collected: CollectedImages, data: ImageData): string {
  return html`<section id="images" aria-labelledby="images-title">
    <h2 id="images-title" tabindex="-1">Images</h2>
    <p>${heldText(collected)}</p>
    <div id="images-live" hidden></div>
    <div id="images-plain">${data.columns.id.length === 0 ? null : plainTable(collected, data)}</div>
  </section> `.toString();
}

function heldText({ total, kept, attention }: CollectedImages): string {
  if (total === 0) return 'There are no images.';
  const first =
    attention === 0
      ? 'None of them needs attention.'
      : `${imagesText(attention)} ${attention === 1 ? 'needs' : 'need'} attention (an error among the findings, undecided, different after the cutover, a warning, an answer of yours) and ${attention === 1 ? 'comes' : 'come'} first.`;
  if (kept.length === total) return `${imagesText(total)}. ${first}`;
  return `${countText(kept.length)} of ${imagesText(total)} are in this table; --html-images sets how many it holds, and --ndjson and --csv hold all. ${first}`;
}

function plainTable(collected: CollectedImages, data: ImageData): SafeHtml {
  const shown = Math.min(PLAIN_ROWS, data.columns.id.length);
  const all = shown === collected.total;
  return html`<p>
      ${
        all
          ? 'Searching and sorting need JavaScript.'
          : `Without JavaScript, and on paper, the table shows the first ${countText(shown)} of ${imagesText(collected.total)}.`
      }
    </p>
    <div class="scroll">
      <table class="images-table">
        <caption>
          The first ${imagesText(shown)}
        </caption>
        <thead>
          <tr>
            ${COLUMNS.map((title) => html`<th scope="col">${title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${Array.from({ length: shown }, (_, row) => plainRow(data, row))}
        </tbody>
      </table>
    </div>`;
}

const COLUMNS = ['Image', 'Owner', 'Declared', 'Becomes', 'Status', 'Findings', 'Rule'] as const;

function plainRow({ columns, kinds, owners }: ImageData, row: number): SafeHtml | null {
  const kind = kinds[columns.kind[row] ?? 0];
  if (kind === undefined) return null;
  const name = columns.name[row] ?? null;
  return html`<tr>
    <th scope="row">${name === null ? null : html`${name}<br />`}<code>${columns.id[row] ?? ''}</code></th>
    <td>${owners[columns.owner[row] ?? 0] ?? '-'}</td>
    <td>${kind.disk} / ${kind.container}</td>
    <td>${kind.becomes}</td>
    <td>${kind.status}</td>
    <td>${kind.findings.join(', ')}</td>
    <td>${kind.rule}</td>
  </tr> `;
}
