import type { Question, Sample } from '../../../model/question.ts';
import type { PlanSummary } from '../../plan/summary-shape.ts';
import { couldBeText } from '../../words/decision-words.ts';
import { counted, countText, imagesText } from '../../words/number-text.ts';
import { resolutionText } from '../../words/resolution.ts';
import { html, NO_HTML, type SafeHtml } from '../markup/escape.ts';
import { writeFilter } from '../images/query.ts';
import type { PageSection } from './section.ts';
import {
  classificationHtml,
  commandHtml,
  factsHtml,
  idHtml,
  imagesLink,
  toneHtml,
  tupleHtml,
} from '../markup/fragments.ts';
import { totalOf } from '../../plan/bounded-groups.ts';

/** Questions shown unfolded, biggest first; the rest is folded. */
const OPEN = 25;

/** A command that writes questions, and the file it names. */
const QUESTIONS_FILE = /^glance-retype plan .*--questions ('[^']*'|[^\s']+)/;

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
  const rest = questions.slice(OPEN);
  const restCount = totalOf(rest);
  const body = html`${howToAnswer(questions, next)}${questions.slice(0, OPEN).map(questionHtml)}${
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
  const write = next.find((line) => QUESTIONS_FILE.test(line)) ?? 'glance-retype plan --questions answers.yaml';
  const file = QUESTIONS_FILE.exec(write)?.[1] ?? 'answers.yaml';
  const asked = totalOf(questions);
  return html`<p>
      ${counted(questions.length, 'question')} about ${imagesText(asked)}; one answer decides the whole group. Write the
      questions into a file, with the same options as for this report, then answer them there or one by one on a
      terminal; plan with <code>--answers ${file}</code> shows what the answers do before anything is written:
    </p>
    ${commandHtml(write)}${commandHtml(`glance-retype questions ${file}`)}`;
}

function questionHtml(question: Question): SafeHtml {
  const { id, status, rule, reason, count, contentUnasked, samples } = question;
  const unasked = contentUnasked === count ? 'all of them' : `${countText(contentUnasked)} of ${countText(count)}`;
  return html`<article class="question panel" id="q-${id}">
    <h3>
      ${tupleHtml(question)}
      <span class="count">${imagesLink(writeFilter({ question: id }), imagesText(count))}</span>
      ${toneHtml(status, 'warn')}
    </h3>
    ${factsHtml([
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
  </article> `;
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
