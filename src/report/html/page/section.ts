import { html, NO_HTML, type SafeHtml } from '../markup/escape.ts';

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
