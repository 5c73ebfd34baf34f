import type { Occasion } from '../../plan/report.ts';
import { counted, countText, imagesText } from '../../words/number-text.ts';
import { dataTable } from '../markup/data-table.ts';
import { html, type SafeHtml } from '../markup/escape.ts';
import type { PageSection } from './section.ts';
import { factsHtml, idHtml } from '../markup/fragments.ts';
import { totalOf } from '../../plan/bounded-groups.ts';

type Migrated = Extract<Occasion, { readonly kind: 'migrate' }>;
type Verified = Extract<Occasion, { readonly kind: 'verify' }>;

/** What migrate wrote or verify found; null for a plan. */
export function occasionSection(occasion: Occasion): PageSection | null {
  switch (occasion.kind) {
    case 'plan':
      return null;
    case 'migrate':
      return { id: 'occasion', title: 'This run', body: migrated(occasion) };
    case 'verify':
      return {
        id: 'occasion',
        title: 'Differences',
        badge: countText(totalOf(occasion.differences)),
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
      : `${imagesText(leftAlone)}: somebody else changed their result columns, so they were not written`;
  const rows = counted(written, 'row');
  return factsHtml([
    ['run', countText(run)],
    ['written', `${rows} of the journal, undecided images included; the result columns of decided images`],
    ['left alone', alone],
    ['never written', html`<code>disk_format</code>, <code>container_format</code>, <code>updated_at</code>`],
  ]);
}

function verified({ differences, sample }: Verified): SafeHtml {
  if (differences.length === 0) {
    return html`<p>None: every live image is stored as it would be decided now.</p> `;
  }
  const total = totalOf(differences);
  return html`${dataTable({
    caption: 'How stored decisions differ from decisions made now',
    columns: { kind: 'head', count: 'number', meaning: 'text' },
    rows: differences.map(({ kind, title, count }) => [
      html`<span class="word">${kind}</span>`,
      countText(count),
      title,
    ]),
  })}${dataTable({
    caption: sample.length < total ? `The first ${countText(sample.length)} of ${countText(total)}` : 'All of them',
    columns: { 'image or record': 'head', kind: 'text', stored: 'text', now: 'text' },
    rows: sample.map(({ subject, kind, stored, now }) => [
      idHtml(subject),
      html`<span class="word">${kind}</span>`,
      html`<bdi>${stored}</bdi>`,
      html`<bdi>${now}</bdi>`,
    ]),
  })}`;
}
