import { SAFETY } from '../../../model/safety.ts';
import type { ContentMismatch, ContentSummary } from '../../plan/content-summary-shape.ts';
import type { PlanSummary } from '../../plan/summary-shape.ts';
import { countText, imagesText } from '../../words/number-text.ts';
import { dataTable } from '../markup/data-table.ts';
import { commandHtml } from '../markup/command.ts';
import { html, NO_HTML, type SafeHtml } from '../markup/escape.ts';
import { lookedInside } from '../../plan/looked-inside.ts';
import type { PageSection } from './section.ts';
import { sampleIdsHtml, SEVERITY_TONES, toneHtml, tupleHtml } from '../markup/fragments.ts';

const HEAD = { id: 'security', title: 'Security and content' } as const;

/** What the bytes said: dangers first, then what is not as declared, then what is refused already today. */
export function securitySection(summary: PlanSummary): PageSection {
  const { content } = summary;
  const inside = lookedInside(summary);
  if (content === null || inside.kind === 'nobody') return { ...HEAD, badge: '?', body: NOT_LOOKED };
  const { dangerous, read, unread, unasked } = inside;
  const counts = [
    `${imagesText(read)} read`,
    content.undetermined === 0 ? '' : `${countText(content.undetermined)} of them name no type`,
    unread === 0 ? '' : `${countText(unread)} could not be read`,
    unasked === 0 ? '' : `${countText(unasked)} were not looked into, and nothing is known of their bytes`,
  ].filter((part) => part !== '');
  const body = html`<p>${counts.join(', ')}.</p>
    ${safetyPart(content, read)}${mismatchTable(content)}${refusalTable(content)}`;
  return { ...HEAD, badge: read === 0 ? '?' : countText(dangerous), body };
}

const NOT_LOOKED = html`<p>
    Nobody looked into the images, so nothing is known of dangerous, mislabelled or refused content. To look, name a
    source of their bytes and plan again:
  </p>
  ${commandHtml('glance-retype plan --probe all --store-path /var/lib/glance/images')}
  <p class="muted">Or <code>--image-api URL</code> for Ceph, Swift and S3; with the other options of this plan.</p> `;

function safetyPart({ safety }: ContentSummary, read: number): SafeHtml {
  if (safety.length === 0) {
    return read === 0 ? NO_HTML : html`<p>Nothing dangerous was found in what was read.</p>`;
  }
  return html`${safety.map(
    ({ code, severity, title, count, sampleIds }) =>
      html`<article class="finding panel">
        <h3>
          ${toneHtml(severity, SEVERITY_TONES[severity])} <span>${title}</span>
          <span class="count">${imagesText(count)}</span>
        </h3>
        <p>${SAFETY[code].text}</p>
        <dl class="facts">
          <dt>code</dt>
          <dd><code>${code}</code></dd>
          ${
            SAFETY[code].cve.length === 0
              ? NO_HTML
              : html`<dt>vulnerabilities</dt>
                  <dd>${SAFETY[code].cve.join(', ')} <span class="muted">(of the same class)</span></dd> `
          }
          <dt>for example</dt>
          <dd>${sampleIdsHtml(sampleIds)}</dd>
        </dl>
      </article> `,
  )}`;
}

function mismatchTable({ mismatches, otherMismatches }: ContentSummary): SafeHtml {
  const table = dataTable({
    caption: 'Images that are not what is declared',
    columns: [
      { title: 'declared', kind: 'head' },
      { title: 'found', kind: 'text' },
      { title: 'images', kind: 'number' },
      { title: 'for example', kind: 'text' },
    ],
    rows: mismatches.map((mismatch) => [
      tupleHtml(mismatch),
      html`<span class="word">${foundText(mismatch.found)}</span>`,
      countText(mismatch.count),
      sampleIdsHtml(mismatch.sampleIds.slice(0, 2)),
    ]),
  });
  if (otherMismatches === 0) return table;
  return html`${table}
    <p class="muted">
      ${countText(otherMismatches)} more images are not kept apart; plan --ndjson has them one by one.
    </p>`;
}

function refusalTable({ refused }: ContentSummary): SafeHtml {
  return dataTable({
    caption: `Refused by Nova and Glance of 2024 and later, already today: ${imagesText(refused.count)}`,
    columns: [
      { title: 'why', kind: 'head' },
      { title: 'images', kind: 'number' },
      { title: 'for example', kind: 'text' },
    ],
    rows: refused.reasons.map(({ reason, count, sampleIds }) => [
      html`<bdi>${reason}</bdi>`,
      countText(count),
      sampleIdsHtml(sampleIds.slice(0, 2)),
    ]),
  });
}

/** `disk/qcow2`, `?/raw in tgz`: a question mark where the bytes do not say. */
function foundText({ imageType, containerType, envelope }: ContentMismatch['found']): string {
  const classification = `${imageType ?? '?'}/${containerType ?? '?'}`;
  return envelope === null ? classification : `${classification} in ${envelope}`;
}
