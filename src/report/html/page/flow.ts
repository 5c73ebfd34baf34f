import type { OutcomeCount, PlanSummary, TupleCount } from '../../plan/summary-shape.ts';
import { countText, imagesText } from '../../words/number-text.ts';
import { candidatesText, STATUS_TONES } from '../../words/decision-words.ts';
import { dataTable } from '../markup/data-table.ts';
import { html, NO_HTML, type HtmlValue, type SafeHtml } from '../markup/escape.ts';
import { flowGraph } from '../flow/graph.ts';
import { flowPicture } from '../flow/picture.ts';
import type { PageSection } from './section.ts';
import { toneHtml, tupleHtml } from '../markup/fragments.ts';
import { totalOf } from '../../plan/bounded-groups.ts';

/** Tuples in the table; they come biggest first, and the JSON document has all. */
const TUPLES_SHOWN = 300;

/** From the legacy fields to the new ones, as a picture and as figures. */
export function flowSection(summary: PlanSummary): PageSection {
  const { tuples, otherTuples, total } = summary;
  const title = 'What the images become';
  if (total === 0) return { id: 'flow', title, body: html`<p>There are no images.</p>` };
  const kept = tuples.slice(0, TUPLES_SHOWN);
  const beyond = totalOf(tuples.slice(TUPLES_SHOWN));
  const notes = [
    beyond === 0
      ? ''
      : `${countText(tuples.length - TUPLES_SHOWN)} more tuples, ${imagesText(beyond)}, are in the JSON document (plan --json).`,
    otherTuples.count === 0
      ? ''
      : `${imagesText(otherTuples.count)} of further spellings are not listed separately; plan --ndjson lists every image.`,
  ].filter((note) => note !== '');
  const graph = flowGraph(summary);
  const body = html`<p class="lead">
      On the left are the legacy words, spelled as in the database; on the right is what they become. A wider band means
      more images.
    </p>
    ${graph.links.length === 0 ? NO_HTML : html`<div class="panel scroll" tabindex="0" role="region" aria-label="Picture of the flow">${flowPicture(graph)}</div>`}
    <details class="paper">
      <summary>The same in figures, with the rule that decided</summary>
      ${dataTable({
        caption: 'Every tuple, biggest first, and what becomes of it',
        columns: {
          'disk_format / container_format': 'head',
          images: 'number',
          status: 'text',
          becomes: 'text',
          rule: 'text',
          why: 'text',
        },
        rows: kept.flatMap(tupleRows),
      })}${notes.map((note) => html`<p class="muted">${note}</p>`)}
    </details> `;
  return { id: 'flow', title, body };
}

function tupleRows(tuple: TupleCount): readonly (readonly HtmlValue[])[] {
  return tuple.outcomes.map((outcome) => [
    tupleHtml(tuple),
    countText(outcome.count),
    toneHtml(outcome.status, STATUS_TONES[outcome.status]),
    becomes(outcome),
    html`<code>${outcome.rule}</code>`,
    html`<div class="why">${outcome.reason}</div>`,
  ]);
}

function becomes({ classification, candidates, imageType, status }: OutcomeCount): SafeHtml {
  if (status === 'not-applicable') return html`<span class="muted">nothing to classify</span>`;
  if (classification !== null) return html`<span class="word">${candidatesText([classification])}</span>`;
  if (imageType !== null) return html`<span class="word">${imageType}/?</span>`;
  if (candidates.length === 0) return html`<span class="muted">no answer in the model</span>`;
  return html`<span class="word">${candidatesText(candidates)}</span>`;
}
