import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { NASTY } from '../../made-images.ts';
import { cut, figures, renderTable, spare, whole, type Column } from '../../../../src/report/terminal/layout/table.ts';
import { textWidth } from '../../../../src/report/words/text-width.ts';

const COLUMNS: readonly Column[] = [
  { title: 'images', align: 'right', narrow: 'whole' },
  { title: 'name', align: 'left', narrow: 'cut' },
  { title: 'status', align: 'left', narrow: 'whole' },
];
const PLAIN = { width: 80, colour: 'plain' } as const;

it('columns are aligned, wide characters and marks included', () => {
  expect(
    renderTable(
      COLUMNS,
      [
        ['1,204', '日本語', 'exact'],
        ['7', 'e\u0301te\u0301', 'inferred'],
        ['30', 'cirros', ''],
      ],
      PLAIN,
    ),
  ).toBe(
    ['images  name    status', ' 1,204  日本語  exact', '     7  e\u0301te\u0301     inferred', '    30  cirros'].join(
      '\n',
    ),
  );
});

it('a narrow terminal cuts the columns that may be cut, and no line is longer', () => {
  const table = renderTable(COLUMNS, [['1', 'a name that is much too long', 'ambiguous']], { ...PLAIN, width: 33 });
  expect(table).toBe('images  name            status\n     1  a name that…    ambiguous');
});

it('no line is longer than the terminal and none wraps, whatever the cells hold', () => {
  for (const width of [1, 5, 20, 40, 80]) {
    const rows = NASTY.map((text) => [text, `${text} 日本語 ${'x'.repeat(60)}`, text]);
    const lines = renderTable(COLUMNS, rows, { ...PLAIN, width }).split('\n');
    expect(lines).toHaveLength(rows.length + 1);
    for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width);
  }
});

it('colour adds escape sequences and no columns; plain adds none', () => {
  const rows = [['1', { text: 'bad\u001b[0m', tone: 'bad' as const }, 'x']];
  const ansi = renderTable(COLUMNS, rows, { ...PLAIN, colour: 'ansi' });
  expect(ansi).toContain('\u001b[31mbad\\x1b[0m\u001b[0m  x');
  const plain = renderTable(COLUMNS, rows, PLAIN);
  expect(plain).not.toContain('\u001b');
  expect(stripVTControlCharacters(ansi)).toBe(plain);
});

it('columns without titles make a table without a title line', () => {
  const untitled = COLUMNS.map((column) => ({ ...column, title: '' }));
  expect(
    renderTable(
      untitled,
      [
        ['12', 'x', 'exact'],
        ['3', 'yy', 'exact'],
      ],
      PLAIN,
    ),
  ).toBe('12  x   exact\n 3  yy  exact');
  expect(renderTable(untitled, [], PLAIN)).toBe('');
});

it('spare columns are left out, the last first, before any other is cut below eight columns', () => {
  const columns = [figures(''), spare(''), spare(''), whole(''), cut('')];
  const row = ['97', 'undecided', '24 break', '4f0c7a1e-1d1c', 'raw-bare-45498119 and 3 more'];
  const drawn = (width: number): string => renderTable(columns, [row], { ...PLAIN, width });
  expect([drawn(80), drawn(48), drawn(38), drawn(30)]).toEqual([
    '97  undecided  24 break  4f0c7a1e-1d1c  raw-bare-45498119 and 3 more',
    '97  undecided  24 break  4f0c7a1e-1d1c  raw-bar…',
    '97  undecided  4f0c7a1e-1d1c  raw-bar…',
    '97  4f0c7a1e-1d1c  raw-bare-4…',
  ]);
});
