import type { PlanSummary } from '../../plan/summary-shape.ts';
import { biggestFirst, totalOf } from '../../plan/bounded-groups.ts';
import { classificationKey } from '../../plan/decided-tally.ts';
import { countText, imagesText, percentText } from '../../words/number-text.ts';
import type { Classification } from '../../../model/decision.ts';
import { dataTable } from '../markup/data-table.ts';
import { html, type SafeHtml } from '../markup/escape.ts';
import type { PageSection } from './section.ts';
import { classificationHtml } from '../markup/fragments.ts';

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
  const counts = new Map<string, { readonly classification: Classification; count: number }>();
  for (const { classification, count } of tuples.flatMap(({ outcomes }) => outcomes)) {
    if (classification === null) continue;
    // The two fields alone: what the envelope adds is counted below.
    const fields = { ...classification, envelope: null };
    const known = counts.get(classificationKey(fields)) ?? { classification: fields, count: 0 };
    known.count += count;
    counts.set(classificationKey(fields), known);
  }
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
        ...biggestFirst([...counts.values()], ({ classification }) => classificationKey(classification)).map(
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
