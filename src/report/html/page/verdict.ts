import type { PlanReport } from '../../plan/report.ts';
import { commandHtml } from '../markup/command.ts';
import { html, NO_HTML, type SafeHtml } from '../markup/escape.ts';
import { tilesPart } from './tiles.ts';
import { verdictOf } from '../../words/verdict.ts';

/** The first screen: the verdict in a sentence, its figures, and what to type next. */
export function verdictPart(report: PlanReport): SafeHtml {
  const { tone, headline, notes } = verdictOf(report);
  return html`<section class="verdict ${tone}" id="verdict" aria-labelledby="verdict-title">
    <h1 id="verdict-title">${headline}</h1>
    ${
      notes.length === 0
        ? NO_HTML
        : html`<ul class="notes">
            ${notes.map((note) => html`<li>${note}</li>`)}
          </ul>`
    }
    ${tilesPart(report)} ${nextCommands(report.next)}
  </section> `;
}

function nextCommands(next: readonly string[]): SafeHtml {
  if (next.length === 0) return NO_HTML;
  return html`<div class="next">
    <h2>${next.length === 1 ? 'Type this next' : 'Type these next'}</h2>
    ${next.map(commandHtml)}
  </div> `;
}
