import { DECISION_STATUSES, type DecisionStatus } from '../../../model/vocabulary.ts';
import type { PlanSummary } from '../../plan/summary-shape.ts';
import { countText, percentText } from '../../words/number-text.ts';
import { dataTable } from '../markup/data-table.ts';
import { html, NO_HTML, type SafeHtml } from '../markup/escape.ts';
import { writeFilter } from '../images/query.ts';
import type { PageSection } from './section.ts';
import { imagesLink } from '../markup/fragments.ts';

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
    STATUS_MEANINGS[status],
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
