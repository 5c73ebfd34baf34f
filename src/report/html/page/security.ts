import { SAFETY, type SafetyCode } from '../../../model/safety.ts';
import type { ContentSummary } from '../../plan/summary-shape.ts';
import type { PlanSummary } from '../../plan/summary-shape.ts';
import { readText, REFUSERS } from '../../words/content.ts';
import { countText, imagesText } from '../../words/number-text.ts';
import { dataTable } from '../markup/data-table.ts';
import { html, NO_HTML, type SafeHtml } from '../markup/escape.ts';
import { lookedInside } from '../../plan/looked-inside.ts';
import type { PageSection } from './section.ts';
import { classificationHtml, commandHtml, noteHtml, sampleIdsHtml, tupleHtml } from '../markup/fragments.ts';

const HEAD = { id: 'security', title: 'Security and content' } as const;

/** What the content is: dangers first, then images that are not as declared, then images that are refused today. */
export function securitySection(summary: PlanSummary): PageSection {
  const { content } = summary;
  const inside = lookedInside(summary);
  if (content === null || inside.kind === 'nobody') return { ...HEAD, badge: '?', body: NOT_LOOKED };
  const { dangerous, read, unasked } = inside;
  const rest = unasked === 0 ? '' : `, ${countText(unasked)} were not looked into, and nothing is known of their bytes`;
  const body = html`<p>${readText(content)}${rest}.</p>
    ${safetyPart(content, read)}${mismatchTable(content)}${refusalTable(content)}`;
  return { ...HEAD, badge: read === 0 ? '?' : countText(dangerous), body };
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

function refusalTable({ refused }: ContentSummary): SafeHtml {
  return dataTable({
    caption: `Refused by ${REFUSERS}, already today: ${imagesText(refused.count)}`,
    columns: { why: 'head', images: 'number', 'for example': 'text' },
    rows: refused.reasons.map(({ reason, count, sampleIds }) => [
      html`<bdi>${reason}</bdi>`,
      countText(count),
      sampleIdsHtml(sampleIds.slice(0, 2)),
    ]),
  });
}
