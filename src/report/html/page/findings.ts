import { FINDINGS, SEVERITIES, type Severity } from '../../../model/finding.ts';
import { SAFETY, type SafetyCode } from '../../../model/safety.ts';
import { lookedInside } from '../../plan/content-tally.ts';
import type { ContentSummary, PlanSummary } from '../../plan/report.ts';
import { countText, imagesText } from '../../words/number-text.ts';
import { dangerousFigure, HOW_TO_LOOK, readText } from '../../words/summary-words.ts';
import { writeFilter } from '../images/query.ts';
import { html, NO_HTML, type SafeHtml } from '../markup/escape.ts';
import {
  classificationHtml,
  commandHtml,
  dataTable,
  imagesLink,
  noteHtml,
  type PageSection,
  sampleIdsHtml,
  tupleHtml,
  unbroken,
} from '../markup/fragments.ts';

const HEAD = { id: 'security', title: 'Security and content' } as const;

/** What the content is: dangers first, then images that are not as declared. */
export function securitySection(summary: PlanSummary): PageSection {
  const { content } = summary;
  const inside = lookedInside(summary);
  if (content === null || inside.kind === 'nobody')
    return { ...HEAD, badge: dangerousFigure(inside), body: NOT_LOOKED };
  const { read, unasked } = inside;
  const rest = unasked === 0 ? '' : `, ${countText(unasked)} were not looked into, and nothing is known of their bytes`;
  const body = html`<p>${readText(content)}${rest}.</p>
    ${unasked === 0 ? NO_HTML : html`<p class="muted">To look into them: ${unbroken(HOW_TO_LOOK)}.</p>`}
    ${safetyPart(content, read)}${mismatchTable(content)}`;
  return { ...HEAD, badge: dangerousFigure(inside), body };
}

const NOT_LOOKED = html`<p>
    No image was read, so nothing is known about dangerous, mislabelled or refused content. To find out, name a source
    of the image data and plan again:
  </p>
  ${commandHtml('glance-retype plan --probe all --store-path /var/lib/glance/images')}
  <p class="muted">Or <code>--image-api URL</code> for Ceph, Swift and S3; with the other options of this plan.</p> `;

function safetyPart({ safety }: ContentSummary, read: number): SafeHtml {
  if (safety.length === 0) {
    return read === 0 ? NO_HTML : html`<p>Nothing dangerous was found in what was read.</p>`;
  }
  return html`${safety.map((item) => noteHtml(item, SAFETY[item.code].text, imagesText(item.count), 'h3', cveFacts(item.code)))}`;
}

function cveFacts(code: SafetyCode): readonly (readonly [string, SafeHtml])[] {
  const { cve } = SAFETY[code];
  if (cve.length === 0) return [];
  return [['vulnerabilities', html`${cve.join(', ')} <span class="muted">(of the same class)</span>`]];
}

function mismatchTable({ mismatches, otherMismatches }: ContentSummary): SafeHtml {
  const table = dataTable({
    caption: 'Images that are not what is declared',
    columns: { declared: 'head', found: 'text', images: 'number', 'for example': 'text' },
    rows: mismatches.map((mismatch) => [
      tupleHtml(mismatch),
      classificationHtml(mismatch.found),
      countText(mismatch.count),
      sampleIdsHtml(mismatch.sampleIds.slice(0, 2)),
    ]),
  });
  if (otherMismatches === 0) return table;
  return html`${table}
    <p class="muted">
      ${countText(otherMismatches)} more images are not listed separately; plan --ndjson lists every image.
    </p>`;
}

const PLURALS: Readonly<Record<Severity, string>> = { error: 'Errors', warning: 'Warnings', info: 'For information' };

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
          ${group.map((finding) => noteHtml(finding, FINDINGS[finding.code].text, imagesLink(writeFilter({ finding: finding.code }), imagesText(finding.count)), 'h4'))}`;
  });
  const lead = html`<p class="lead">
    They change no answer. An image may have several, so the figures do not add up.
  </p> `;
  return { ...head, body: html`${lead}${parts}` };
}
