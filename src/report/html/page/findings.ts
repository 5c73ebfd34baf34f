import { FINDINGS, SEVERITIES, type Severity } from '../../../model/finding.ts';
import type { PlanSummary } from '../../plan/summary-shape.ts';
import { countText, imagesText } from '../../words/number-text.ts';
import { html, NO_HTML, type SafeHtml } from '../markup/escape.ts';
import { writeFilter } from '../images/query.ts';
import type { PageSection } from './section.ts';
import { imagesLink, noteHtml } from '../markup/fragments.ts';

const PLURALS: Readonly<Record<Severity, string>> = { error: 'Errors', warning: 'Warnings', info: 'For information' };

type FindingCount = PlanSummary['findings'][number];

/** Findings, the worst first, each with its paragraph. */
export function findingsSection({ findings }: PlanSummary): PageSection {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const head = {
    id: 'findings',
    title: 'Findings',
    badge: errors === 0 ? countText(findings.length) : `${countText(findings.length)}, ${countText(errors)} bad`,
  };
  if (findings.length === 0) return { ...head, body: html`<p>There are none.</p>` };
  const parts = SEVERITIES.toReversed().map((severity) => {
    const group = findings.filter((finding) => finding.severity === severity);
    return group.length === 0
      ? NO_HTML
      : html`<h3>${PLURALS[severity]}</h3>
          ${group.map((finding) => noteHtml(finding, FINDINGS[finding.code].text, countLink(finding), 'h4'))}`;
  });
  const lead = html`<p class="lead">
    They change no answer. An image may have several, so the figures do not add up.
  </p> `;
  return { ...head, body: html`${lead}${parts}` };
}

function countLink({ code, count }: FindingCount): SafeHtml {
  return imagesLink(writeFilter({ finding: code }), imagesText(count));
}
