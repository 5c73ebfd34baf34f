import { ANSWER_REMARKS, type AnswerEffect, type AnswerRemark, type AnswerReview } from '../../../model/answer.ts';
import type { Question, Sample } from '../../../model/question.ts';
import { totalOf } from '../../plan/bounded-groups.ts';
import type { PlanSummary } from '../../plan/report.ts';
import { couldBeText, resolutionText } from '../../words/decision-words.ts';
import { answeringWay } from '../../words/next-words.ts';
import { counted, countText, imagesText } from '../../words/number-text.ts';
import { writeFilter } from '../images/query.ts';
import { html, type HtmlValue, NO_HTML, type SafeHtml } from '../markup/escape.ts';
import {
  classificationHtml,
  commandHtml,
  dataTable,
  factsHtml,
  idHtml,
  imagesLink,
  type PageSection,
  sampleIdsHtml,
  toneHtml,
  tupleHtml,
} from '../markup/fragments.ts';

/** Questions listed, biggest first, each with its details folded; the rest is folded as a whole. */
const LISTED = 25;

/** Undecided images as questions: one answer decides one question. */
export function questionsSection(summary: PlanSummary, next: readonly string[]): PageSection {
  const { undecided: questions, otherUndecided, byStatus } = summary;
  const undecided = byStatus.ambiguous + byStatus.unmappable;
  const head = { id: 'questions', title: 'Questions', badge: countText(questions.length) };
  if (questions.length === 0 && otherUndecided === 0) {
    return {
      ...head,
      body: html`<p>
        ${undecided === 0 ? 'Nothing is left to ask.' : `There are no questions: your answers leave ${imagesText(undecided)} undecided.`}
      </p> `,
    };
  }
  const rest = questions.slice(LISTED);
  const restCount = totalOf(rest);
  const body = html`${howToAnswer(questions, next)}${questions.slice(0, LISTED).map(questionHtml)}${
    rest.length === 0
      ? NO_HTML
      : html`<details>
          <summary>${counted(rest.length, 'more question')}, ${imagesText(restCount)}</summary>
          ${rest.map(questionHtml)}
        </details> `
  }${
    otherUndecided === 0
      ? NO_HTML
      : html`<p class="muted">
          ${imagesText(otherUndecided)} in further groups are not listed separately; plan --ndjson lists every image.
        </p>`
  }`;
  return { ...head, body };
}

function howToAnswer(questions: readonly Question[], next: readonly string[]): SafeHtml {
  const { write, file } = answeringWay(next);
  const asked = totalOf(questions);
  const first =
    write === null
      ? html`They were written into <code>${file}</code>. Answer them there or one by one on a terminal`
      : html`Write the questions into a file, with the same options as for this report, then answer them there or one by
        one on a terminal`;
  return html`<p>
      ${counted(questions.length, 'question')} about ${imagesText(asked)}; one answer decides the whole group. ${first};
      plan with <code>--answers ${file}</code> shows what the answers do before anything is written:
    </p>
    ${write === null ? NO_HTML : commandHtml(write)}${commandHtml(`glance-retype questions ${file}`)}`;
}

function questionHtml(question: Question): SafeHtml {
  const { id, status, rule, reason, count, contentUnasked, samples } = question;
  const unasked = contentUnasked === count ? 'all of them' : `${countText(contentUnasked)} of ${countText(count)}`;
  return html`<details class="question panel paper" id="q-${id}">
    <summary>
      <h3>
        ${tupleHtml(question)} <span class="count">${imagesText(count)}</span> ${toneHtml(status, 'warn')}
        <span class="count">${couldBeText(question)}</span>
      </h3>
    </summary>
    ${factsHtml([
      ['images', imagesLink(writeFilter({ question: id }), `${imagesText(count)}: show and copy their ids`)],
      ['could be', couldBe(question)],
      ['why', html`${reason} <span class="muted">(rule <code>${rule}</code>)</span>`],
      ['seen', seen(question)],
      ['would decide it', resolutionText(question)],
      ...(contentUnasked === 0 ? [] : [['not looked into', unasked] as const]),
      [
        'for example',
        samples.length === 0
          ? '–'
          : html`<ul>
              ${samples.map(sampleHtml)}
            </ul>`,
      ],
      ['answer as', idHtml(id)],
    ])}
  </details> `;
}

function couldBe(question: Question): SafeHtml {
  const [best, ...others] = question.candidates;
  if (best === undefined) return html`${couldBeText(question)}`;
  return html`<ol class="ranked">
    <li><b>${classificationHtml(best)}</b> <span class="muted">likeliest</span></li>
    ${others.map((classification) => html`<li>${classificationHtml(classification)}</li>`)}
  </ol>`;
}

function seen({ evidence, count }: Question): SafeHtml {
  if (evidence.length === 0) return html`nothing beside the tuple`;
  return html`<ul>
    ${evidence.map(
      (sight) =>
        html`<li>
          ${sight.kind}: <bdi>${sight.detail}</bdi>
          <span class="muted">(${sight.count === count ? 'all' : countText(sight.count)})</span>
        </li>`,
    )}
  </ul>`;
}

function sampleHtml({ id, name }: Sample): SafeHtml {
  return html`<li>
    ${idHtml(id)} ${name === null ? html`<span class="muted">no name</span>` : html`“<bdi>${name}</bdi>”`}
  </li>`;
}

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
