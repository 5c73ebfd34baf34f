import { ANSWER_REMARKS, type AnswerEffect, type AnswerRemark, type AnswerReview } from '../../../model/answer.ts';
import { countText, imagesText } from '../../words/number-text.ts';
import { dataTable } from '../markup/data-table.ts';
import { html, NO_HTML, type HtmlValue, type SafeHtml } from '../markup/escape.ts';
import type { PageSection } from './section.ts';
import { idHtml, sampleIdsHtml, toneHtml, classificationHtml } from '../markup/fragments.ts';

/** What the answers do to this database: problems first, then every answer. */
export function answersSection({ file, digest, effects, remarks }: AnswerReview): PageSection {
  const sum = (pick: (effect: AnswerEffect) => number): number =>
    effects.reduce((total, effect) => total + pick(effect), 0);
  const body = html`<p>
      The answers in <code>${file}</code> match ${imagesText(sum(({ images }) => images))}:
      ${countText(sum(({ settled }) => settled))} were undecided and are now decided,
      ${countText(sum(({ overruled }) => overruled))} were decided differently and are overruled.
    </p>
    ${remarksTable(remarks)}${effectsTable(effects)}
    <p class="muted">Signed <code>${digest}</code>.</p> `;
  return { id: 'answers', title: 'Your answers', badge: countText(effects.length), body };
}

function remarksTable(remarks: readonly AnswerRemark[]): SafeHtml {
  const refusing = remarks.filter(({ weight }) => weight === 'refuses');
  const warning = remarks.filter(({ weight }) => weight === 'warns');
  return dataTable({
    caption: 'Problems; migrate does not start while one of them refuses',
    columns: { where: 'head', weight: 'text', what: 'text' },
    rows: [...refusing, ...warning].map(({ kind, place, text, weight }) => [
      html`<code>${place}</code>`,
      weight === 'refuses' ? toneHtml('refuses', 'bad') : toneHtml('warns', 'warn'),
      html`${text}<br /><span class="muted">${ANSWER_REMARKS[kind]}</span>`,
    ]),
  });
}

function effectsTable(effects: readonly AnswerEffect[]): SafeHtml {
  return dataTable({
    caption: 'What each answer does, in the order of the file',
    columns: {
      answer: 'head',
      says: 'text',
      images: 'number',
      decided: 'number',
      overruled: 'number',
      check: 'text',
      by: 'text',
      'for example': 'text',
    },
    rows: effects.map(effectRow),
  });
}

function effectRow(effect: AnswerEffect): readonly HtmlValue[] {
  const { id, place, to, value, author, date, reason, images, settled, overruled, sampleIds } = effect;
  const by = [author, date].filter((part) => part !== null).join(', ');
  return [
    html`${idHtml(id)}<br /><span class="muted"
        >${to === `question ${id}` ? NO_HTML : html`<bdi>${to}</bdi>, `}<code>${place}</code></span
      >`,
    value.kind === 'leave' ? 'leave undecided' : classificationHtml(value.classification),
    countText(images),
    countText(settled),
    countText(overruled),
    mind(effect),
    html`<div class="signed">
      ${by === '' ? html`<span class="muted">unsigned</span>` : html`<bdi>${by}</bdi>`}${reason === null ? NO_HTML : html`<br /><bdi>${reason}</bdi>`}
    </div>`,
    sampleIdsHtml(sampleIds.slice(0, 2)),
  ];
}

/** Reasons to check an answer again. */
function mind({ againstProof, outside, population }: AnswerEffect): SafeHtml {
  const parts = [
    againstProof === 0 ? null : toneHtml(`${countText(againstProof)} against a proof`, 'bad'),
    outside === 0 ? null : toneHtml(`${countText(outside)} not among the candidates`, 'warn'),
    population === null || population.written === population.now
      ? null
      : html`${countText(population.written)} when answered, ${countText(population.now)} now`,
  ].filter((part) => part !== null);
  return parts.length === 0
    ? html`<span class="muted">–</span>`
    : html`${parts.map((part, index) => html`${index === 0 ? NO_HTML : html`<br />`}${part}`)}`;
}
