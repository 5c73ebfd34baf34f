import { FINDINGS, SEVERITIES, type Severity } from '../../../model/finding.ts';
import type { PlanSummary } from '../../plan/summary-shape.ts';
import { countText, imagesText } from '../../words/number-text.ts';
import { html, NO_HTML, type SafeHtml } from '../markup/escape.ts';
import { writeFilter } from '../images/query.ts';
import type { PageSection } from './section.ts';
import { imagesLink, sampleIdsHtml, SEVERITY_TONES, toneHtml } from '../markup/fragments.ts';

const PLURALS: Readonly<Record<Severity, string>> = { error: 'Errors', warning: 'Warnings', info: 'For information' };

type FindingCount = PlanSummary['findings'][number];

/** What the operator should know although it changes no answer: the worst first, each with its paragraph. */
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
          ${group.map(findingHtml)}`;
  });
  const lead = html`<p class="lead">
    They change no answer. An image may have several, so the figures do not add up.
  </p> `;
  return { ...head, body: html`${lead}${parts}` };
}

function findingHtml({ code, severity, title, count, sampleIds }: FindingCount): SafeHtml {
  return html`<article class="finding panel">
    <h4>
      ${toneHtml(severity, SEVERITY_TONES[severity])} <span>${title}</span>
      <span class="count">${imagesLink(writeFilter({ finding: code }), imagesText(count))}</span>
    </h4>
    <p>${FINDINGS[code].text}</p>
    <dl class="facts">
      <dt>code</dt>
      <dd><code>${code}</code></dd>
      <dt>for example</dt>
      <dd>${sampleIdsHtml(sampleIds)}</dd>
    </dl>
  </article> `;
}
