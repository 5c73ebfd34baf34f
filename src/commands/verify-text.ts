import { renderKeyValues } from '../report/terminal/key-values.ts';
import { countText } from '../report/terminal/number-text.ts';
import { renderTable, type Cell } from '../report/terminal/table.ts';
import { DIFFERENCE_KINDS, differenceTotal, undecidedCount, type VerifyResult } from '../run/verify.ts';
import { styleOf } from './terminal.ts';

/** The result as JSON has it. Keys are only ever added. */
export function verifyRecord(result: VerifyResult): object {
  return {
    rows: result.rows,
    counts: result.counts,
    differences: result.differences,
    sample: result.sample.map(({ kind, imageId, stored, now }) => ({ kind, image_id: imageId, stored, now })),
    refreshable: result.refreshable,
    orphans: result.orphans,
  };
}

/** What verify found, for a person. `tail` repeats the options that name database, rules, answers and content. */
export function describeVerify(result: VerifyResult, tail: string): string {
  const style = styleOf(process.stdout);
  const total = differenceTotal(result);
  const verdict: Cell =
    total === 0
      ? { text: 'no difference: every live image is stored as it would be decided now', tone: 'good' }
      : { text: `${countText(total)} differences`, tone: 'bad' };
  const lines: (readonly [string, Cell])[] = [
    ['Verify', verdict],
    ['Rows read', countText(result.rows)],
    ['Decided', `${countText(result.counts.exact)} exact, ${countText(result.counts.inferred)} inferred`],
    ['Undecided', countText(undecidedCount(result.counts))],
    ['Not applicable', countText(result.counts['not-applicable'])],
    ['Journal only', `${countText(result.orphans)} rows of images deleted since`],
  ];
  if (result.refreshable > 0) {
    lines.push([
      'Refreshable',
      `${countText(result.refreshable)} rows with the same answer on newer evidence; migrate refreshes them`,
    ]);
  }
  for (const [kind, text] of Object.entries(DIFFERENCE_KINDS)) {
    const count = result.differences[kind as keyof typeof DIFFERENCE_KINDS];
    if (count > 0) {
      lines.push([kind, { text: `${countText(count)}: ${text}`, tone: 'warn' }]);
    }
  }
  const summary = renderKeyValues(lines, style);
  if (total === 0) {
    return summary;
  }
  const table = renderTable(
    [
      { title: 'image', align: 'left', narrow: 'whole' },
      { title: 'difference', align: 'left', narrow: 'whole' },
      { title: 'stored', align: 'left', narrow: 'cut' },
      { title: 'now', align: 'left', narrow: 'cut' },
    ],
    result.sample.slice(0, 20).map(({ imageId, kind, stored, now }) => [imageId, kind, stored, now]),
    style,
  );
  return `${summary}\n\n${table}\n\nNext\n  glance-retype migrate${tail}     # settles what changed, then verify again`;
}
