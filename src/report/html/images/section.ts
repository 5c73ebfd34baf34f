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
      : `${imagesText(attention)} ${attention === 1 ? 'needs' : 'need'} attention (an error among the findings, undecided, accepted by a service today and refused by the later release, different after the cutover, a warning, an answer of yours) and ${attention === 1 ? 'comes' : 'come'} first.`;
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

/**
 * Style rules of the section of images; colours are the page's. Rows are as tall as `.images-grid tbody tr` says; the
 * script measures one.
 */
export const IMAGE_STYLE = `
.images-table caption{text-align:left}
html[data-script] #images-plain{display:none}
html:not([data-script]) :is([data-copy],#theme){display:none}
.images-controls{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.5rem,1fr));gap:.6rem .8rem;margin:.75rem 0}
.images-controls div{min-width:0}
.images-controls label{display:block;font-size:.85rem;color:var(--muted)}
.images-controls .images-search{grid-column:1/-1}
.images-controls :is(input,select){font:inherit;font-size:.94rem;color:var(--ink);background:var(--panel);border:1px solid var(--muted);border-radius:6px;padding:.3rem .5rem;width:100%;min-width:0}
.images-line{display:flex;flex-wrap:wrap;gap:.4rem 1rem;align-items:center;margin:0 0 .5rem}
.images-line p{margin:0}
.images-scroll{contain:strict;overflow:auto;height:min(38rem,75vh);border:1px solid var(--line);border-radius:8px;background:var(--panel);position:relative}
.images-grid{display:block;min-width:112em;margin:0;font-size:.87rem;background:none}
.images-grid :is(thead,tbody){display:block}
.images-grid thead{position:sticky;top:0;z-index:2;background:var(--sunk);border-bottom:1px solid var(--line)}
.images-grid tbody{position:relative}
.images-grid tr{display:grid;grid-template-columns:minmax(14em,1.3fr) 22em 9em minmax(14em,1fr) 8.5em minmax(14em,.8fr) minmax(12em,1fr) 20em 12em}
.images-grid tbody tr{position:absolute;inset:0 0 auto;height:2.3em;align-items:center;border-bottom:1px solid var(--line);cursor:pointer}
.images-grid tbody tr:hover{background:var(--sunk)}
.images-grid tbody tr:focus{outline:2px solid var(--accent);outline-offset:-2px;z-index:1}
.images-grid :is(th,td){border:0;padding:0 .6rem;min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;background:none}
.images-grid thead th{padding:0}
.images-grid thead button{font-weight:600;background:none;border:0;border-radius:0;width:100%;text-align:left;padding:.45rem .6rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.images-grid thead button:focus-visible{outline-offset:-3px}
.images-grid [aria-sort=ascending] button::after{content:" \\25B2";content:" \\25B2"/""}
.images-grid [aria-sort=descending] button::after{content:" \\25BC";content:" \\25BC"/""}
.images-grid code{font-size:.95em;display:inline;max-width:none}
.images-differs{font-weight:650}
.images-details{color:var(--ink);background:var(--panel);border:1px solid var(--line);border-radius:8px;width:min(54rem,calc(100vw - 2rem));max-height:calc(100vh - 3rem);overflow:auto;padding:1.1rem 1.4rem}
.images-details::backdrop{background:rgb(0 0 0/.5)}
.images-details :is(h3,dd,li,p,code){overflow-wrap:anywhere}
.images-line #images-done{flex-basis:100%}
.images-line #images-done:empty{display:none}
.images-details h3{margin:0 0 .6rem}
.images-details h3:focus{outline:none}
.images-details h4{margin:1rem 0 .2rem;font-size:.95rem}
.images-details dl{display:grid;grid-template-columns:12rem minmax(0,1fr);gap:.25rem 1rem;margin:0}
.images-details dt{color:var(--muted)}
.images-details dd{margin:0}
.images-details :is(ol,ul){margin:0;padding-left:1.3rem}
.images-details>.images-line:last-child{margin:1.1rem 0 0}
@media(max-width:560px){.images-details dl{grid-template-columns:minmax(0,1fr);gap:0}.images-details dd{margin-bottom:.35rem}}
@media print{
#images-live{display:none}
html[data-script] #images-plain{display:block}
.images-table{font-size:8pt}
.images-table tr{break-inside:avoid}
.images-table :is(th,td){overflow-wrap:anywhere}
}`;
