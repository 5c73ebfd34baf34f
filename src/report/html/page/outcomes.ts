import { DECISION_STATUSES, type DecisionStatus } from '../../../model/vocabulary.ts';
import { totalOf } from '../../plan/bounded-groups.ts';
import type { OutcomeCount, PlanSummary, TupleCount } from '../../plan/report.ts';
import { candidatesText, STATUS_TONES } from '../../words/decision-words.ts';
import { countText, imagesText, percentText } from '../../words/number-text.ts';
import { writeFilter } from '../images/query.ts';
import { html, type HtmlValue, NO_HTML, type SafeHtml } from '../markup/escape.ts';
import {
  dataTable,
  imagesLink,
  type PageSection,
  toneHtml,
  tupleHtml,
  unbroken,
  wordHtml,
} from '../markup/fragments.ts';
import { type FlowGraph, flowGraph, flowPicture } from './flow-picture.ts';

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
  const body = html`<p class="lead">
      On the left are the legacy words, spelled as in the database; on the right is what they become. A wider band means
      more images; what is undecided comes first.
    </p>
    ${pictures(summary)}
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

/**
 * The picture without images that have no payload; if there are any, a box shows them as well, also without a script.
 */
function pictures(summary: PlanSummary): SafeHtml {
  const outside = summary.byStatus['not-applicable'];
  const shown = picture(flowGraph(summary, 'with-payload'), 'flow-payload');
  if (outside === 0) return shown;
  return html`<div class="flows">
    <input type="checkbox" id="flow-all" />
    <label for="flow-all">Also show the ${imagesText(outside)} without a payload to classify</label>
    ${shown}${picture(flowGraph(summary, 'all'), 'flow-every')}
  </div> `;
}

function picture(graph: FlowGraph, name: string): SafeHtml {
  if (graph.links.length === 0) return html`<p class="${name}">No image has a payload to classify.</p> `;
  return html`<div class="panel scroll ${name}" tabindex="0" role="region" aria-label="Picture of the flow">
    ${flowPicture(graph, name)}
  </div> `;
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
  if (classification !== null) return wordHtml(candidatesText([classification]));
  if (imageType !== null) return wordHtml(`${imageType}/?`);
  if (candidates.length === 0) return html`<span class="muted">no answer in the model</span>`;
  return wordHtml(candidatesText(candidates));
}

const STATUS_MEANINGS: Readonly<Record<DecisionStatus, string>> = {
  exact: 'the tuple, or a proof, leaves one answer; it is written',
  inferred: 'one answer by convention or evidence; it is written',
  ambiguous: 'two or more candidates, or evidence in conflict; nothing is written',
  unmappable: 'the model has no answer, or nothing is known of the payload; nothing is written',
  'not-applicable': 'no payload to classify: queued, saving, killed, deleted, volume-backed; nothing is written',
};

/** A share narrower than this, in per cent, could not be seen. */
const NARROWEST = 0.4;
/** A share wide enough for its name on the smallest screen, in per cent. */
const NAMED = 22;

/** The decisions by status: a bar, a table, and why images have no payload. */
export function sharesSection({ total, byStatus, notApplicable }: PlanSummary): PageSection {
  const rows = DECISION_STATUSES.map((status) => [
    html`${swatch(status)}<span class="word">${status}</span>`,
    imagesLink(writeFilter({ status }), countText(byStatus[status])),
    percentText(byStatus[status], total),
    unbroken(STATUS_MEANINGS[status]),
  ]);
  const body = html`${total === 0 ? NO_HTML : bar(byStatus)}
  ${dataTable({
    caption: 'Images by status of their decision',
    columns: { status: 'head', images: 'number', share: 'number', meaning: 'text' },
    rows: [...rows, ['all', countText(total), percentText(total, total), '']],
  })}${dataTable({
    caption: 'Why images have no payload to classify',
    columns: { reason: 'head', images: 'number', rule: 'text' },
    rows: notApplicable.map(({ rule, reason, count }) => [reason, countText(count), html`<code>${rule}</code>`]),
  })}`;
  return { id: 'shares', title: 'Shares by status', body };
}

function swatch(status: DecisionStatus): SafeHtml {
  return html`<svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">
    <rect class="${status}" width="10" height="10" />
  </svg>`;
}

/** Hidden from screen readers: the table has the figures. Widths are attributes: the policy allows no inline style. */
function bar(byStatus: PlanSummary['byStatus']): SafeHtml {
  const present = DECISION_STATUSES.filter((status) => byStatus[status] > 0);
  const whole = present.reduce((sum, status) => sum + byStatus[status], 0);
  const drawn = present.map((status) => ({ status, width: Math.max(NARROWEST, (byStatus[status] / whole) * 100) }));
  const scale = 100 / drawn.reduce((sum, { width }) => sum + width, 0);
  let from = 0;
  const parts = drawn.map(({ status, width }) => {
    const x = from;
    from += width * scale;
    const share = percentText(byStatus[status], whole);
    const name = width < NAMED ? NO_HTML : html`<text x="10" y="50%">${status} ${share}</text>`;
    return html`<svg x="${x.toFixed(3)}%" width="${(width * scale).toFixed(3)}%" height="100%">
      <rect class="${status}" width="100%" height="100%" />
      ${name}
      <title>${status}: ${countText(byStatus[status])}, ${share}</title>
    </svg> `;
  });
  const lines = drawn.slice(1).map((_, index) => {
    const x = drawn.slice(0, index + 1).reduce((sum, { width }) => sum + width * scale, 0);
    return html`<line class="cut" x1="${x.toFixed(3)}%" x2="${x.toFixed(3)}%" y1="0" y2="100%" />`;
  });
  return html`<svg class="bar" aria-hidden="true">${parts}${lines}</svg> `;
}
