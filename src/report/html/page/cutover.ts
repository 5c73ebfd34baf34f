import { DISPOSITIONS } from '../../../model/vocabulary.ts';
import type { CutoverCount, PlanSummary } from '../../plan/summary-shape.ts';
import { countText, imagesText } from '../../words/number-text.ts';
import { changeText, cutoverChanges, ofDecidedText, unchangedText } from '../../words/cutover.ts';
import { html, NO_HTML, type SafeHtml } from '../markup/escape.ts';
import { writeFilter } from '../images/query.ts';
import type { PageSection } from './section.ts';
import { imagesLink } from '../markup/fragments.ts';

/** What changes once consumers use the new types, in sentences and as a matrix. */
export function cutoverSection({ cutover, byStatus }: PlanSummary): PageSection {
  const undecided = byStatus.ambiguous + byStatus.unmappable;
  const note =
    undecided === 0
      ? NO_HTML
      : html`<p class="muted">
          The ${imagesText(undecided)} undecided ${undecided === 1 ? 'is' : 'are'} not counted: what becomes of them is
          not known.
        </p> `;
  const head = { id: 'cutover', title: 'At the cutover', badge: countText(cutover.different) };
  if (cutover.decided === 0)
    return {
      ...head,
      body: html`<p>No image is decided, so nothing can be said.</p>
        ${note}`,
    };
  return { ...head, body: html`${sentences(cutover)}${matrix(cutover.matrix)}${note}` };
}

function sentences(cutover: PlanSummary['cutover']): SafeHtml {
  if (cutover.different === 0) return html`<p>${unchangedText(cutover)}</p>`;
  return html`<p>
      <b>${imagesLink(writeFilter({ cutover: 'differs' }), countText(cutover.different))} ${ofDecidedText(cutover)}</b>
    </p>
    <ul class="plain">
      ${cutoverChanges(cutover).map((change) => html`<li>${imagesText(change.count)} ${changeText(change)}</li> `)}
    </ul> `;
}

/** Rows and columns without images are left out. */
function matrix(cells: readonly CutoverCount[]): SafeHtml {
  const rows = DISPOSITIONS.filter((word) => cells.some((cell) => cell.novaToday === word));
  const columns = DISPOSITIONS.filter((word) => cells.some((cell) => cell.disposition === word));
  const lines = rows.map((novaToday) => {
    const line = columns.map((disposition) => {
      const count = cells.find((cell) => cell.novaToday === novaToday && cell.disposition === disposition)?.count ?? 0;
      if (count === 0) return html`<td class="number muted">–</td>`;
      return novaToday === disposition
        ? html`<td class="number">${countText(count)}</td>`
        : html`<td class="number changed">
            <span aria-hidden="true">≠ </span>${countText(count)}<span class="hidden"> changed</span>
          </td>`;
    });
    return html`<tr>
      <th scope="row"><span class="word">${novaToday}</span></th>
      ${line}
    </tr> `;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Matrix of dispositions">
    <table class="matrix">
      <caption>
        Rows: what Nova does today. Columns: what a consumer of the new model will do. ≠ marks what changes.
      </caption>
      <thead>
        <tr>
          <th scope="col">today <span aria-hidden="true">↓</span> after <span aria-hidden="true">→</span></th>
          ${columns.map((word) => html`<th scope="col" class="number"><span class="word">${word}</span></th>`)}
        </tr>
      </thead>
      <tbody>
        ${lines}
      </tbody>
    </table>
  </div> `;
}
