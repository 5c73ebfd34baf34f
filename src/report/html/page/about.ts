import type { ReportHeader } from '../../plan/report.ts';
import { html } from '../markup/escape.ts';
import { factsHtml } from '../markup/fragments.ts';
import type { PageSection } from './section.ts';

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

function targetText(target: string | null): string {
  if (target === null) return 'nowhere yet: expand has not been run';
  return target === 'columns' ? 'columns of the images table' : target === 'table' ? 'a table of their own' : target;
}
