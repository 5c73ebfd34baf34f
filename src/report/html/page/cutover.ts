import { DISPOSITIONS } from '../../../model/vocabulary.ts';
import { summed, totalOf } from '../../plan/bounded-groups.ts';
import { classificationKey } from '../../plan/decided-tally.ts';
import type { CutoverCount, PlanSummary } from '../../plan/report.ts';
import { countText, imagesText, percentText } from '../../words/number-text.ts';
import {
  changeText,
  cutoverChanges,
  EFFECTS,
  ofDecidedText,
  splitText,
  unchangedText,
} from '../../words/summary-words.ts';
import { writeFilter } from '../images/query.ts';
import { html, NO_HTML, type SafeHtml } from '../markup/escape.ts';
import {
  classificationHtml,
  dataTable,
  imagesLink,
  type PageSection,
  toneHtml,
  unbroken,
} from '../markup/fragments.ts';

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
  const head = { id: 'cutover', title: 'At the cutover', badge: badgeOf(cutover) };
  if (cutover.decided === 0)
    return {
      ...head,
      body: html`<p>No image is decided, so nothing can be said.</p>
        ${note}`,
    };
  return { ...head, body: html`${sentences(cutover)}${matrix(cutover.matrix)}${note}` };
}

function badgeOf({ breaks, improves, decided }: PlanSummary['cutover']): string {
  if (decided === 0) return '?';
  return breaks + improves === 0 ? '0' : splitText({ breaks, improves });
}

function sentences(cutover: PlanSummary['cutover']): SafeHtml {
  if (cutover.different === 0) return html`<p>${unchangedText(cutover)}</p>`;
  return html`<p>
      <b>${imagesLink(writeFilter({ cutover: 'differs' }), countText(cutover.different))} ${ofDecidedText(cutover)}</b>
    </p>
    ${(['breaks', 'improves'] as const).map((effect) => effectPart(cutover, effect))}`;
}

/** The changes of one kind, the most harmful first. */
function effectPart(cutover: PlanSummary['cutover'], effect: 'breaks' | 'improves'): SafeHtml {
  const count = cutover[effect];
  if (count === 0) return NO_HTML;
  const { title, meaning } = EFFECTS[effect];
  return html`<h3>
      ${toneHtml(title, effect === 'breaks' ? 'warn' : 'good')}
      ${imagesLink(writeFilter({ cutover: effect }), imagesText(count))} <span class="muted">${meaning}</span>
    </h3>
    <ul class="plain">
      ${cutoverChanges(cutover, effect).map((change) => html`<li>${imagesText(change.count)} ${unbroken(changeText(change))}</li> `)}
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

/** The two proposals of 2011 on the operator's own images: what each says, what each loses. */
export function oneFieldSection(summary: PlanSummary): PageSection {
  const { decided } = summary.cutover;
  const head = { id: 'models', title: 'One field or two' };
  if (decided === 0) return { ...head, body: html`<p>No image is decided, so there is nothing to compare.</p>` };
  const body = html`<p class="lead">
      Two proposals were made for the images API in December 2011. Both are shown over the ${imagesText(decided)}
      decided.
    </p>
    <div class="pair">${twoFields(summary, decided)}${oneField(summary, decided)}</div> `;
  return { ...head, body };
}

function twoFields({ tuples, otherTuples, oneField: { envelopes } }: PlanSummary, decided: number): SafeHtml {
  // The two fields alone: what the envelope adds is counted below.
  const fields = tuples
    .flatMap(({ outcomes }) => outcomes)
    .flatMap(({ classification, count }) =>
      classification === null ? [] : { classification: { ...classification, envelope: null }, count },
    );
  const apart = otherTuples.byStatus.exact + otherTuples.byStatus.inferred;
  const wrapped = totalOf(envelopes);
  return html`<div class="panel">
    <h3>Two fields: image type and container type</h3>
    <p>
      They type all ${imagesText(decided)}.
      ${
        wrapped === 0
          ? 'They lose nothing here.'
          : html`Without the envelope they would lose that
              <b>${countText(wrapped)}</b> (${percentText(wrapped, decided)}) must be unwrapped first.`
      }
    </p>
    ${dataTable({
      caption: 'What two fields say',
      columns: { 'type / container': 'head', images: 'number' },
      rows: [
        ...summed(fields, ({ classification }) => classificationKey(classification)).map(
          ({ classification, count }) => [classificationHtml(classification), countText(count)],
        ),
        ...(apart === 0 ? [] : [['of further spellings, not listed separately', countText(apart)]]),
      ],
    })}${dataTable({
      caption: 'What the envelope adds',
      columns: { envelope: 'head', images: 'number' },
      rows: envelopes.map(({ envelope, count }) => [html`<span class="word">${envelope}</span>`, countText(count)]),
    })}
  </div> `;
}

function oneField({ oneField: { words, lost } }: PlanSummary, decided: number): SafeHtml {
  const lostCount = totalOf(lost);
  const said = decided - lostCount;
  return html`<div class="panel">
    <h3>One field: format</h3>
    <p>
      It has a word for ${countText(said)} of ${imagesText(decided)} (${percentText(said, decided)}).
      ${
        lostCount === 0
          ? 'It loses nothing here.'
          : html`It loses <b>${countText(lostCount)}</b> (${percentText(lostCount, decided)}).`
      }
    </p>
    ${dataTable({
      caption: 'What one field says',
      columns: { format: 'head', images: 'number' },
      rows: words.map(({ format, count }) => [html`<span class="word">${format}</span>`, countText(count)]),
    })}${dataTable({
      caption: 'What it has no word for',
      columns: { 'type / container': 'head', images: 'number', why: 'text' },
      rows: lost.map(({ classification, why, count }) => [classificationHtml(classification), countText(count), why]),
    })}
  </div> `;
}
