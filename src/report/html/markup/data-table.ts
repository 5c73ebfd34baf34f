import { html, NO_HTML, type HtmlValue, type SafeHtml } from './escape.ts';

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
