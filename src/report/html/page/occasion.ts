import type { Occasion } from '../../plan/report.ts';
import { countText, imagesText } from '../../words/number-text.ts';
import { dataTable } from '../markup/data-table.ts';
import { html, type SafeHtml } from '../markup/escape.ts';
import type { PageSection } from './section.ts';
import { idHtml } from '../markup/fragments.ts';

type Migrated = Extract<Occasion, { readonly kind: 'migrate' }>;
type Verified = Extract<Occasion, { readonly kind: 'verify' }>;

/** What the command did beside deciding; null for a plan, which does nothing else. */
export function occasionSection(occasion: Occasion): PageSection | null {
  switch (occasion.kind) {
    case 'plan':
      return null;
    case 'migrate':
      return { id: 'occasion', title: 'This run', badge: null, body: migrated(occasion) };
    case 'verify':
      return {
        id: 'occasion',
        title: 'Differences',
        badge: countText(occasion.differences.reduce((total, { count }) => total + count, 0)),
        body: verified(occasion),
      };
    default:
      return occasion satisfies never;
  }
}

function migrated({ run, written, leftAlone }: Migrated): SafeHtml {
  const alone =
    leftAlone === 0
      ? 'none'
      : `${imagesText(leftAlone)}: their result columns hold what somebody else wrote, and were not touched`;
  return html`<dl class="facts">
    <dt>run</dt>
    <dd>${countText(run)}</dd>
    <dt>written</dt>
    <dd>
      ${countText(written)} ${written === 1 ? 'row' : 'rows'} of the journal, undecided images included; the result
      columns of decided images
    </dd>
    <dt>left alone</dt>
    <dd>${alone}</dd>
    <dt>never written</dt>
    <dd><code>disk_format</code>, <code>container_format</code>, <code>updated_at</code></dd>
  </dl> `;
}

function verified({ differences, sample }: Verified): SafeHtml {
  if (differences.length === 0) {
    return html`<p>None: every live image is stored as it would be decided now.</p> `;
  }
  const total = differences.reduce((sum, { count }) => sum + count, 0);
  return html`${dataTable({
    caption: 'In what way stored decisions differ from those derived anew',
    columns: [
      { title: 'kind', kind: 'head' },
      { title: 'count', kind: 'number' },
      { title: 'meaning', kind: 'text' },
    ],
    rows: differences.map(({ kind, title, count }) => [
      html`<span class="word">${kind}</span>`,
      countText(count),
      title,
    ]),
  })}${dataTable({
    caption: sample.length < total ? `The first ${countText(sample.length)} of ${countText(total)}` : 'All of them',
    columns: [
      { title: 'image or record', kind: 'head' },
      { title: 'kind', kind: 'text' },
      { title: 'stored', kind: 'text' },
      { title: 'now', kind: 'text' },
    ],
    rows: sample.map(({ subject, kind, stored, now }) => [
      idHtml(subject),
      html`<span class="word">${kind}</span>`,
      html`<bdi>${stored}</bdi>`,
      html`<bdi>${now}</bdi>`,
    ]),
  })}`;
}
