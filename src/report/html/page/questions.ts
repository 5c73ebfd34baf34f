import type { GroupEvidence, Question, Sample } from '../../../model/question.ts';
import type { PlanSummary } from '../../plan/summary-shape.ts';
import { countText, imagesText } from '../../words/number-text.ts';
import { resolutionText } from '../../words/resolution.ts';
import { commandHtml } from '../markup/command.ts';
import { html, NO_HTML, type SafeHtml } from '../markup/escape.ts';
import { writeFilter } from '../images/query.ts';
import type { PageSection } from './section.ts';
import { counted, idHtml, imagesLink, toneHtml, tupleHtml, classificationHtml } from '../markup/fragments.ts';

/** Questions that stand open; they come biggest first, and the tail is folded away. */
const OPEN = 25;

/** The file that a command of this program writes its questions into, as a shell reads it. */
const QUESTIONS_FILE = /^glance-retype plan .*--questions ('[^']*'|[^\s']+)/;

/** What nobody can know from the rows alone: one answer settles one question. */
export function questionsSection(summary: PlanSummary, next: readonly string[]): PageSection {
  const { undecided: questions, otherUndecided, byStatus } = summary;
  const undecided = byStatus.ambiguous + byStatus.unmappable;
  const head = { id: 'questions', title: 'Questions', badge: countText(questions.length) };
  if (questions.length === 0 && otherUndecided === 0) {
    return {
      ...head,
      body: html`<p>
        ${undecided === 0 ? 'Nothing is left to ask.' : `Nothing is asked: the ${imagesText(undecided)} undecided stay so by your answers.`}
      </p> `,
    };
  }
  const rest = questions.slice(OPEN);
  const restCount = rest.reduce((total, { count }) => total + count, 0);
  const body = html`${howToAnswer(questions, next)}${questions.slice(0, OPEN).map(questionHtml)}${
    rest.length === 0
      ? NO_HTML
      : html`<details>
          <summary>${counted(rest.length, 'more question', 'more questions')}, ${imagesText(restCount)}</summary>
          ${rest.map(questionHtml)}
        </details> `
  }${
    otherUndecided === 0
      ? NO_HTML
      : html`<p class="muted">
          ${imagesText(otherUndecided)} in further groups that are not kept apart; plan --ndjson has them one by one.
        </p>`
  }`;
  return { ...head, body };
}

function howToAnswer(questions: readonly Question[], next: readonly string[]): SafeHtml {
  const write = next.find((line) => QUESTIONS_FILE.test(line)) ?? 'glance-retype plan --questions answers.yaml';
  const file = QUESTIONS_FILE.exec(write)?.[1] ?? 'answers.yaml';
  const asked = questions.reduce((total, { count }) => total + count, 0);
  return html`<p>
      ${counted(questions.length, 'question', 'questions')} about ${imagesText(asked)}; one answer settles the whole
      group. Write the questions into a file, with the same options as for this report, then answer them there or one by
      one on a terminal; plan with <code>--answers ${file}</code> shows what the answers do before anything is written:
    </p>
    ${commandHtml(write)}${commandHtml(`glance-retype questions ${file}`)}`;
}

function questionHtml(question: Question): SafeHtml {
  const { id, status, rule, reason, count, contentUnasked, evidence, samples } = question;
  return html`<article class="question panel" id="q-${id}">
    <h3>
      ${tupleHtml(question)}
      <span class="count">${imagesLink(writeFilter({ question: id }), imagesText(count))}</span>
      ${toneHtml(status, 'warn')}
    </h3>
    <dl class="facts">
      <dt>could be</dt>
      <dd>${couldBe(question)}</dd>
      <dt>why</dt>
      <dd>
        ${reason} <span class="muted">(rule <code>${rule}</code>)</span>
      </dd>
      <dt>seen</dt>
      <dd>${seen(evidence, question)}</dd>
      <dt>would settle it</dt>
      <dd>${resolutionText(question)}</dd>
      ${
        contentUnasked === 0
          ? NO_HTML
          : html`<dt>not looked into</dt>
              <dd>
                ${contentUnasked === count ? 'all of them' : `${countText(contentUnasked)} of ${countText(count)}`}
              </dd> `
      }
      <dt>for example</dt>
      <dd>
        ${
          samples.length === 0
            ? '–'
            : html`<ul>
                ${samples.map(sampleHtml)}
              </ul>`
        }
      </dd>
      <dt>answer as</dt>
      <dd>${idHtml(id)}</dd>
    </dl>
  </article> `;
}

function couldBe({ candidates, imageType, envelope }: Question): SafeHtml {
  const [best, ...others] = candidates;
  if (best !== undefined) {
    return html`<ol class="ranked">
      <li><b>${classificationHtml(best)}</b> <span class="muted">likeliest</span></li>
      ${others.map((classification) => html`<li>${classificationHtml(classification)}</li>`)}
    </ol>`;
  }
  const type =
    imageType === null
      ? 'nothing that the model can name'
      : html`<span class="word">${imageType}</span>, container unknown`;
  return html`${type}${envelope === null ? NO_HTML : html`, in <span class="word">${envelope}</span>`}`;
}

function seen(evidence: readonly GroupEvidence[], { count }: Question): SafeHtml {
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
