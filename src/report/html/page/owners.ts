import { safeText } from '../../words/safe-text.ts';
import type { OwnerSummary } from '../../plan/report.ts';
import { counted, countText, imagesText } from '../../words/number-text.ts';
import { ownersNotes } from '../../words/owner-words.ts';
import { ownerValue, writeFilter } from '../images/query.ts';
import { html, NO_HTML, type SafeHtml } from '../markup/escape.ts';
import { dataTable, idHtml, imagesLink, type PageSection, unbroken } from '../markup/fragments.ts';

/** Owners in the page; the JSON document has more. */
const SHOWN = 100;
/** Those that are seen without unfolding the others. */
const FIRST = 15;
/** Questions named for one owner. */
const QUESTIONS_SHOWN = 3;

/** Whom to ask: the owners of undecided images and of those that break. */
export function ownersSection(owners: OwnerSummary): PageSection {
  const { listed } = owners;
  const head = { id: 'owners', title: 'Whom to ask', badge: countText(listed.length) };
  if (listed.length === 0) return { ...head, body: html`<p>Nobody: no image is undecided, and none breaks.</p>` };
  const rest = listed.slice(SHOWN);
  const notes = [
    rest.length === 0
      ? ''
      : `${counted(rest.length, 'more owner')}, with ${imagesText(rest.reduce((sum, { undecided, breaks }) => sum + undecided + breaks, 0))}, are in the JSON document (plan --json).`,
    ...ownersNotes(owners),
  ].filter((note) => note !== '');
  const body = html`<p class="lead">
      The owners (projects) of undecided images and of images that break at the cutover. A figure leads to the images,
      where their ids can be copied.
    </p>
    ${ownersTable('By owner, those with most to be asked first', listed.slice(0, FIRST))}
    ${
      listed.length <= FIRST
        ? NO_HTML
        : html`<details>
            <summary>${counted(Math.min(SHOWN, listed.length) - FIRST, 'more owner')}</summary>
            ${ownersTable('By owner, the others', listed.slice(FIRST, SHOWN))}
          </details>`
    }
    ${notes.map((note) => html`<p class="muted">${unbroken(note)}</p>`)} `;
  return { ...head, body };
}

function ownersTable(caption: string, owners: OwnerSummary['listed']): SafeHtml {
  return dataTable({
    caption,
    columns: { owner: 'head', undecided: 'number', break: 'number', questions: 'text' },
    rows: owners.map((owner) => {
      const value = ownerValue(owner.owner === null ? null : safeText(owner.owner));
      return [
        owner.owner === null ? html`<span class="muted">no owner</span>` : idHtml(owner.owner),
        countLink(owner.undecided, writeFilter({ owner: value, status: 'undecided' })),
        countLink(owner.breaks, writeFilter({ owner: value, cutover: 'breaks' })),
        questionsHtml(owner.questions, owner.otherQuestions),
      ];
    }),
  });
}

function countLink(count: number, filter: string): SafeHtml {
  return count === 0 ? html`<span class="muted">–</span>` : imagesLink(filter, countText(count));
}

function questionsHtml(questions: OwnerSummary['listed'][number]['questions'], otherQuestions: number): SafeHtml {
  const shown = questions.slice(0, QUESTIONS_SHOWN);
  const more = questions.length - shown.length;
  return html`${shown.map(
    ({ question, count }, index) => html`${index === 0 ? '' : ', '}${idHtml(question)} (${countText(count)})`,
  )}${more > 0 || otherQuestions > 0 ? html` <span class="muted">and more</span>` : NO_HTML}`;
}
