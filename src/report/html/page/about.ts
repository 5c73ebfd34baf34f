import { totalOf } from '../../plan/bounded-groups.ts';
import type { Occasion, ReportHeader } from '../../plan/report.ts';
import { counted, countText, imagesText } from '../../words/number-text.ts';
import { releasesText } from '../../words/service-words.ts';
import { html, type SafeHtml } from '../markup/escape.ts';
import { dataTable, factsHtml, idHtml, type PageSection } from '../markup/fragments.ts';

const PROBED: Readonly<Record<string, string>> = {
  all: 'every live image with a payload (--probe all)',
  undecided: 'images that the database leaves undecided (--probe undecided)',
  off: 'none (--probe off)',
};

/** What the report was made from, and how to read its words. */
export function aboutSection(header: ReportHeader): PageSection {
  const facts = factsHtml(
    [
      ['database', html`<bdi>${header.database}</bdi>`],
      ['engine', html`<bdi>${header.engine}</bdi>`],
      ['Glance schema', header.era],
      ['rules', html`<code>${header.rules_digest}</code>`],
      ['answers', header.answers_digest === null ? 'none were given' : html`<code>${header.answers_digest}</code>`],
      ...servicesFacts(header),
      ['looked into', PROBED[header.probe] ?? header.probe],
      ['results go to', targetText(header.target)],
      [
        'made',
        html`<time datetime="${header.created_at}">${header.created_at}</time> by glance-retype ${header.tool_version}`,
      ],
    ],
    'facts panel',
  );
  const body = html`${facts}
    <h3>How to read it</h3>
    <p>
      Glance describes an image by <code>disk_format</code> and <code>container_format</code>. They overlap and leave
      open what the image is. The new model answers two questions: the <b>image type</b> says what to do with it
      (kernel, ramdisk, filesystem, iso9660, disk, other), the <b>container type</b> says how its blocks are stored
      (raw, qcow2, vmdk and so on). Both are written <span class="word">disk/qcow2</span>. An <b>envelope</b> (<span
        class="word"
        >in ova</span
      >) is what must be unwrapped first.
    </p>
    <p>
      Every image has one decision. migrate writes exact and inferred decisions; all other images stay as they are until
      somebody answers their question. The legacy columns and <code>updated_at</code> are never written. The report
      holds image ids and names: handle it with the same care as the database.
    </p> `;
  return { id: 'about', title: 'About this report', body };
}

function servicesFacts({
  openstack,
  openstack_before: before,
  nova_backend: backend,
}: ReportHeader): readonly (readonly [string, string])[] {
  if (openstack === null) return [];
  return [
    ['services of', releasesText({ release: openstack, before })],
    ...(backend === null ? [] : [['Nova backend', backend] as const]),
  ];
}

function targetText(target: string | null): string {
  if (target === null) return 'nowhere yet: expand has not been run';
  return target === 'columns' ? 'columns of the images table' : target === 'table' ? 'a table of their own' : target;
}

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
