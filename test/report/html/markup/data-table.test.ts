import { expect, it } from 'vitest';

import { dataTable } from '../../../../src/report/html/markup/data-table.ts';

const columns = { name: 'head', count: 'number', why: 'text' } as const;

it('heads name their column or row, numbers are marked', () => {
  const markup = dataTable({ caption: 'C < D', columns, rows: [['a', '1', '<i>']] })
    .toString()
    .replaceAll(/\s+/g, ' ');
  expect(markup).toContain('<caption> C &lt; D </caption>');
  expect(markup).toContain(
    '<th scope="col">name</th><th scope="col" class="number">count</th><th scope="col">why</th>',
  );
  expect(markup).toContain('<th scope="row">a</th><td class="number">1</td><td>&lt;i&gt;</td>');
});

it('is nothing without rows', () => {
  expect(dataTable({ caption: 'C', columns, rows: [] }).toString()).toBe('');
});
