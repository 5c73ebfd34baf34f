import type { ReportHeader } from '../../plan/report-header.ts';
import { html } from '../markup/escape.ts';
import type { PageSection } from './section.ts';

const PROBED: Readonly<Record<string, string>> = {
  all: 'every live image with a payload (--probe all)',
  undecided: 'images that the database leaves undecided (--probe undecided)',
  off: 'none (--probe off)',
};

/** What the report was made from, and how to read its words. */
export function aboutSection(header: ReportHeader): PageSection {
  const body = html`<dl class="facts panel">
      <dt>database</dt>
      <dd><bdi>${header.database}</bdi></dd>
      <dt>engine</dt>
      <dd><bdi>${header.engine}</bdi></dd>
      <dt>Glance schema</dt>
      <dd>${header.era}</dd>
      <dt>rules</dt>
      <dd><code>${header.rules_digest}</code></dd>
      <dt>answers</dt>
      <dd>${header.answers_digest === null ? 'none were given' : html`<code>${header.answers_digest}</code>`}</dd>
      <dt>looked into</dt>
      <dd>${PROBED[header.probe] ?? header.probe}</dd>
      <dt>results go to</dt>
      <dd>${targetText(header.target)}</dd>
      <dt>made</dt>
      <dd><time datetime="${header.created_at}">${header.created_at}</time> by glance-retype ${header.tool_version}</dd>
    </dl>
    <h3>How to read it</h3>
    <p>
      Glance describes an image by <code>disk_format</code> and <code>container_format</code>. They overlap and leave
      open what the image is. The new model answers two questions: the <b>image type</b> says what to do with it
      (kernel, ramdisk, filesystem, iso9660, disk, other), the <b>container type</b> who can read its blocks (raw,
      qcow2, vmdk and so on), written <span class="word">disk/qcow2</span>. An <b>envelope</b> (<span class="word"
        >in ova</span
      >) is what must be unwrapped first.
    </p>
    <p>
      Every image has one decision; exact and inferred ones are written by migrate, all others are left alone until
      somebody answers. The legacy columns and <code>updated_at</code> are never written. The report holds image ids and
      names: hand it on with the same care as the database.
    </p> `;
  return { id: 'about', title: 'About this report', badge: null, body };
}

function targetText(target: string | null): string {
  if (target === null) return 'nowhere yet: expand has not been run';
  return target === 'columns' ? 'columns of the images table' : target === 'table' ? 'a table of their own' : target;
}
