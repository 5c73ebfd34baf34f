import { lookedInside } from '../../plan/content-tally.ts';
import type { PlanReport } from '../../plan/report.ts';
import { counted, countText, imagesText } from '../../words/number-text.ts';
import { transitionLine } from '../../words/service-lines.ts';
import { dangerousFigure, HOW_TO_LOOK } from '../../words/summary-words.ts';
import { estimateText, figuresOf, verdictOf, writtenText } from '../../words/verdict.ts';
import { html, NO_HTML, type SafeHtml } from '../markup/escape.ts';
import { commandHtml, unbroken } from '../markup/fragments.ts';

/** The first screen: the verdict in a sentence, its figures, and what to type next. */
export function verdictPart(report: PlanReport): SafeHtml {
  const { tone, headline, notes: more } = verdictOf(report);
  const notes = [transitionLine(report), ...more, estimateText(report, 'sentences')].filter((note) => note !== '');
  const written = writtenText(report.occasion);
  const tiles = [undecidedTile(report), cutoverTile(report), securityTile(report), lastTile(report)];
  const figures = html`<dl class="tiles">${tiles.map(tileHtml)}</dl>`;
  return html`<section class="verdict ${tone}" id="verdict" aria-labelledby="verdict-title">
    <h1 id="verdict-title">${headline}</h1>
    ${written === '' ? NO_HTML : html`<p class="unwritten">${written}</p>`}${
      notes.length === 0
        ? NO_HTML
        : html`<ul class="notes">
            ${notes.map((note) => html`<li>${note}</li>`)}
          </ul>`
    }
    ${figures} ${nextCommands(report.next)}
  </section> `;
}

function nextCommands(next: readonly string[]): SafeHtml {
  if (next.length === 0) return NO_HTML;
  return html`<div class="next">
    <h2>${next.length === 1 ? 'Type this next' : 'Type these next, one after the other'}</h2>
    ${next.map(commandHtml)}
  </div> `;
}

/** A figure of the first screen. What is not known says so: it is never drawn as none. */
interface Tile {
  readonly label: string;
  readonly figure: string;
  readonly leadsTo: string;
  readonly note: string;
  readonly tone: 'good' | 'warn' | 'bad' | 'plain';
}

function tileHtml({ label, figure, leadsTo, note, tone }: Tile): SafeHtml {
  return html`<div class="tile ${tone}">
    <dt>${label}</dt>
    <dd class="figure"><a href="#${leadsTo}">${figure}</a></dd>
    <dd class="note">${unbroken(note)}</dd>
  </div> `;
}

function undecidedTile(report: PlanReport): Tile {
  const { undecided, leftUndecided } = figuresOf(report);
  const { undecided: questions, otherUndecided } = report.summary;
  const notes = [
    questions.length === 0 ? '' : counted(questions.length, 'question'),
    otherUndecided === 0 ? '' : `${countText(otherUndecided)} in further groups`,
    leftUndecided === 0 ? '' : `${countText(leftUndecided)} left undecided by your answers`,
  ].filter((note) => note !== '');
  return {
    label: 'Undecided',
    figure: countText(undecided),
    leadsTo: 'questions',
    note: undecided === 0 ? 'nothing is left to ask' : notes.join(', '),
    tone: undecided === 0 ? 'good' : 'warn',
  };
}

function cutoverTile({ summary }: PlanReport): Tile {
  const { decided, different, breaks, improves } = summary.cutover;
  const undecided = summary.byStatus.ambiguous + summary.byStatus.unmappable;
  const label = 'Break at the cutover';
  const leadsTo = 'cutover';
  if (decided === 0) return { label, figure: '–', leadsTo, note: 'nothing is decided yet', tone: 'plain' };
  const notes = [
    different === 0
      ? `none of ${imagesText(decided)} decided behaves differently`
      : `of ${imagesText(decided)} decided ${breaks === 1 ? 'is' : 'are'} not used afterwards as today`,
    improves === 0 ? '' : `${countText(improves)} more ${improves === 1 ? 'improves' : 'improve'}`,
    undecided === 0 ? '' : 'the undecided are not counted',
  ].filter((note) => note !== '');
  return { label, figure: countText(breaks), leadsTo, note: notes.join('; '), tone: breaks > 0 ? 'warn' : 'good' };
}

function securityTile({ summary }: PlanReport): Tile {
  const inside = lookedInside(summary);
  const [label, leadsTo, figure] = ['Dangerous content', 'security', dangerousFigure(inside)];
  if (inside.kind === 'nobody') {
    return { label, figure, leadsTo, note: `no image was looked into; to look: ${HOW_TO_LOOK}`, tone: 'plain' };
  }
  const { dangerous, caution, read, unread, unasked } = inside;
  const notes = [
    `${imagesText(read)} looked into${dangerous === 0 && read > 0 ? ', none of them dangerous' : ''}`,
    caution === 0 ? '' : `${countText(caution)} of them call for caution`,
    unread === 0 ? '' : `${countText(unread)} could not be read`,
    unasked === 0 ? '' : `${countText(unasked)} not looked into; to look: ${HOW_TO_LOOK}`,
  ].filter((note) => note !== '');
  return {
    label,
    figure,
    leadsTo,
    note: notes.join(', '),
    // Good only where nothing was left out.
    tone: dangerous > 0 ? 'bad' : caution > 0 ? 'warn' : read > 0 && unread + unasked === 0 ? 'good' : 'plain',
  };
}

function lastTile(report: PlanReport): Tile {
  const { occasion, summary } = report;
  const { decided, undecided, differences } = figuresOf(report);
  switch (occasion.kind) {
    case 'verify':
      return {
        label: 'Differences',
        figure: countText(differences),
        leadsTo: 'occasion',
        note:
          differences === 0
            ? 'every live image is stored as it would be decided now'
            : 'between what is stored and what would be stored now',
        tone: differences === 0 ? 'good' : 'bad',
      };
    case 'migrate':
      return {
        label: 'Left alone',
        figure: countText(occasion.leftAlone),
        leadsTo: 'occasion',
        note: 'images whose result columns hold somebody else’s values',
        tone: occasion.leftAlone === 0 ? 'good' : 'warn',
      };
    case 'plan':
      return {
        label: 'Decided',
        figure: countText(decided),
        leadsTo: 'shares',
        note: `of ${imagesText(decided + undecided)} that can be classified; ${countText(summary.total)} in all`,
        tone: undecided === 0 ? 'good' : 'plain',
      };
    default:
      return occasion satisfies never;
  }
}
