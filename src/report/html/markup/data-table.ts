import { html, NO_HTML, type HtmlValue, type SafeHtml } from './escape.ts';

interface DataColumn {
  readonly title: string;
  /** `number` columns stand at the right; the `head` column names its row. */
  readonly kind: 'text' | 'number' | 'head';
}

export interface DataTable {
  /** Says what the table shows; read out before it. */
  readonly caption: HtmlValue;
  readonly columns: readonly DataColumn[];
  /** One value a column. */
  readonly rows: readonly (readonly HtmlValue[])[];
}

/** A table with a caption and with heads that name their scope; it scrolls by itself where it is too wide. Nothing where it has no rows. */
export function dataTable({ caption, columns, rows }: DataTable): SafeHtml {
  if (rows.length === 0) return NO_HTML;
  const heads = columns.map(({ title, kind }) =>
    kind === 'number' ? html`<th scope="col" class="number">${title}</th>` : html`<th scope="col">${title}</th>`,
  );
  const lines = rows.map(
    (row) =>
      html`<tr>
        ${row.map((value, index) => cell(columns[index], value))}
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

function cell(column: DataColumn | undefined, value: HtmlValue): SafeHtml {
  if (column?.kind === 'head') return html`<th scope="row">${value}</th>`;
  return column?.kind === 'number' ? html`<td class="number">${value}</td>` : html`<td>${value}</td>`;
}
