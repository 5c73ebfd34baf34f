import type { Severity } from '../../../model/finding.ts';
import {
  classificationText,
  type PartialClassification,
  SEVERITY_TONES,
  type Tuple,
} from '../../words/decision-words.ts';
import { formatWord } from '../../../model/fold-word.ts';
import type { Tone } from '../../words/style.ts';
import { html, type HtmlValue, NO_HTML, type SafeHtml } from './escape.ts';

/** Longer words may be broken: they would not fit a line of the smallest screen. An id of Glance has 36 characters. */
const UNBROKEN = 44;

/** Text of this program in which no word is broken at its hyphens. The page's elements never depend on other text. */
export function unbroken(text: string): SafeHtml {
  const words = text.split(' ').map((word, index) => {
    const shown = word.includes('-') && word.length <= UNBROKEN ? html`<span class="unbroken">${word}</span>` : word;
    return html`${index === 0 ? '' : ' '}${shown}`;
  });
  return html`${words}`;
}

/** A word of the model or of a database, which is broken only where it is long. */
export function wordHtml(text: string): SafeHtml {
  return html`<span class="word${lengthClass(text)}">${text}</span>`;
}

function lengthClass(text: string): string {
  return text.length > UNBROKEN ? ' long' : '';
}

/** `raw / bare`. Each word is kept apart, so that one in Hebrew does not reorder the other. */
export function tupleHtml({ diskFormat, containerFormat }: Tuple): SafeHtml {
  const length = lengthClass(`${formatWord(diskFormat)} / ${formatWord(containerFormat)}`);
  return html`<span class="word tuple${length}"
    ><bdi>${formatWord(diskFormat)}</bdi> / <bdi>${formatWord(containerFormat)}</bdi></span
  >`;
}

export function classificationHtml(classification: PartialClassification): SafeHtml {
  return wordHtml(classificationText(classification));
}

export function idHtml(id: string): SafeHtml {
  return html`<code class="id${lengthClass(id)}">${id}</code>`;
}

/** `for example a, b, c`; nothing where there are none. */
export function sampleIdsHtml(ids: readonly string[]): SafeHtml {
  return ids.length === 0 ? NO_HTML : html`${ids.map((id, index) => html`${index === 0 ? '' : ', '}${idHtml(id)}`)}`;
}

/** Leads to the table of images, narrowed where scripts run. `filter` as `readFilter` reads it. */
export function imagesLink(filter: string, text: string): SafeHtml {
  return html`<a href="#images" data-filter="${filter}">${text}</a>`;
}

export function toneHtml(text: string, tone: Tone): SafeHtml {
  return html`<span class="tone ${tone}">${text}</span>`;
}

/** A command to type. Text after ` # ` is a remark; the button copies the command without it. */
export function commandHtml(line: string): SafeHtml {
  const [, command, remark] = /^(.*?)\s+# (.*)$/s.exec(line) ?? [null, line, null];
  const typed = command ?? line;
  return html`<pre class="command"><code tabindex="0">${typed}</code>${
    remark === null || remark === undefined ? NO_HTML : html` <span class="remark"># ${remark}</span>`
  } <button type="button" data-copy="${typed}">Copy</button></pre> `;
}

/** Terms, each with its text. */
export function factsHtml(facts: readonly (readonly [term: string, text: HtmlValue])[], classes = 'facts'): SafeHtml {
  return html`<dl class="${classes}">
    ${facts.map(
      ([term, text]) =>
        html`<dt>${term}</dt>
          <dd>${text}</dd> `,
    )}
  </dl>`;
}

/** Something that an operator should know: how bad it is, its title, a paragraph, and facts. */
export function noteHtml(
  { code, severity, title, sampleIds }: Note,
  text: string,
  count: HtmlValue,
  level: 'h3' | 'h4',
  facts: Parameters<typeof factsHtml>[0] = [],
): SafeHtml {
  return html`<article class="finding panel">
    <${level}
      >${toneHtml(severity, SEVERITY_TONES[severity])} <span>${title}</span>
      <span class="count">${count}</span></${level}
    >
    <p>${unbroken(text)}</p>
    ${factsHtml([['code', html`<code>${code}</code>`], ...facts, ['for example', sampleIdsHtml(sampleIds)]])}
  </article> `;
}

interface Note {
  readonly code: string;
  readonly severity: Severity;
  readonly title: string;
  readonly sampleIds: readonly string[];
}

/** `number` columns are aligned at the right; the `head` column names its row. */
type ColumnKind = 'text' | 'number' | 'head';

export interface DataTable {
  /** Says what the table shows; read out before it. */
  readonly caption: HtmlValue;
  /** The kind of each column by its title, from left to right. */
  readonly columns: Readonly<Record<string, ColumnKind>>;
  readonly rows: readonly (readonly HtmlValue[])[];
}

/** A table with a caption and scoped heads; a wide one scrolls by itself. Without rows it is nothing. */
export function dataTable({ caption, columns, rows }: DataTable): SafeHtml {
  if (rows.length === 0) return NO_HTML;
  const kinds = Object.values(columns);
  const heads = Object.entries(columns).map(([title, kind]) =>
    kind === 'number' ? html`<th scope="col" class="number">${title}</th>` : html`<th scope="col">${title}</th>`,
  );
  const lines = rows.map(
    (row) =>
      html`<tr>
        ${row.map((value, index) => cell(kinds[index], value))}
      </tr> `,
  );
  return html`<div class="scroll">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads}
        </tr>
      </thead>
      <tbody>
        ${lines}
      </tbody>
    </table>
  </div> `;
}

function cell(kind: ColumnKind | undefined, value: HtmlValue): SafeHtml {
  if (kind === 'head') return html`<th scope="row">${value}</th>`;
  return kind === 'number' ? html`<td class="number">${value}</td>` : html`<td>${value}</td>`;
}

/** One section of the page and its line in the table of contents. */
export interface PageSection {
  /** Unique in the page; `#id` leads here. */
  readonly id: string;
  readonly title: string;
  /** A figure beside the line in the table of contents. */
  readonly badge?: string;
  readonly body: SafeHtml;
}

export function renderSection({ id, title, body }: PageSection): SafeHtml {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${body}
  </section> `;
}

/** What the table of contents needs of a section; that of the images is written elsewhere. */
type ContentsLine = Pick<PageSection, 'id' | 'title' | 'badge'>;

const IMAGES_LINE: ContentsLine = { id: 'images', title: 'Images' };

export function renderContents(sections: readonly PageSection[]): SafeHtml {
  const lines = [...sections, IMAGES_LINE].map(
    ({ id, title, badge }) =>
      html`<li>
        <a href="#${id}"
          ><span>${title}</span>${badge === undefined ? NO_HTML : html` <span class="badge">${badge}</span>`}</a
        >
      </li> `,
  );
  return html`<nav class="contents" aria-label="Contents">
    <ol>
      ${lines}
    </ol>
  </nav> `;
}
