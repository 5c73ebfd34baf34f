import { FORMAT_VERSION } from '../report/records/format-version.ts';
import { renderKeyValues } from '../report/terminal/layout/section.ts';
import { type Cell, renderTable } from '../report/terminal/layout/table.ts';
import { countText } from '../report/words/number-text.ts';
import { DIFFERENCE_KINDS, KINDS, REMEDIES } from '../run/verify/differences.ts';
import { differenceTotal, undecidedCount, type VerifyResult } from '../run/verify/verify.ts';
import { styleOf } from './session/output.ts';

/** The result as JSON. Keys are only ever added. */
export function verifyRecord(result: VerifyResult) {
  return {
    format_version: FORMAT_VERSION,
    rows: result.rows,
    counts: result.counts,
    differences: result.differences,
    sample: result.sample.map(({ kind, subject, imageId, stored, now }) => ({
      kind,
      image_id: imageId,
      subject,
      stored,
      now,
    })),
    kinds: Object.fromEntries<{ readonly title: string; readonly advice: string }>(
      found(result).map((kind) => [
        kind,
        { title: DIFFERENCE_KINDS[kind].title, advice: REMEDIES[DIFFERENCE_KINDS[kind].remedy] },
      ]),
    ),
    refreshable: result.refreshable,
    orphans: result.orphans,
    records_reckoned: result.atWork === null,
  };
}

function found({ differences }: VerifyResult): typeof KINDS {
  return KINDS.filter((kind) => differences[kind] > 0);
}

/** Says that another process writes at the same time, and what that means. */
export function atWorkText(atWork: NonNullable<VerifyResult['atWork']>): string {
  const who =
    atWork === 'unknown'
      ? 'another process'
      : `${atWork.purpose ?? 'a run'} on ${atWork.host ?? 'an unknown host'}, process ${atWork.process ?? 'unknown'},`;
  return `${who} is at work: what is not committed yet shows as a difference, and rows were not checked against batches`;
}

/** The result of verify, for a person. `tail` repeats the options that name database, rules, answers and content. */
export function describeVerify(result: VerifyResult, tail: string): string {
  const style = styleOf(process.stdout);
  const total = differenceTotal(result);
  const verdict: Cell =
    total === 0
      ? {
          text: 'no difference: every live image is stored as it would be decided now',
          tone: 'good',
        }
      : { text: total === 1 ? '1 difference' : `${countText(total)} differences`, tone: 'bad' };
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
  if (result.atWork !== null) lines.push(['At work', { text: atWorkText(result.atWork), tone: 'warn' }]);
  for (const kind of found(result))
    lines.push([
      kind,
      { text: `${countText(result.differences[kind])}: ${DIFFERENCE_KINDS[kind].title}`, tone: 'warn' },
    ]);
  const summary = renderKeyValues(lines, style);
  if (total === 0) {
    return summary;
  }
  const table = renderTable(
    [
      { title: 'image or record', align: 'left', narrow: 'whole' },
      { title: 'difference', align: 'left', narrow: 'whole' },
      { title: 'stored', align: 'left', narrow: 'cut' },
      { title: 'now', align: 'left', narrow: 'cut' },
    ],
    found(result)
      .flatMap((kind) => result.sample.filter((difference) => difference.kind === kind).slice(0, SHOWN))
      .map(({ subject, kind, stored, now }) => [subject, kind, stored, now]),
    style,
  );
  const remedies = new Set(found(result).map((kind) => DIFFERENCE_KINDS[kind].remedy));
  const steps = [...remedies].map((remedy) =>
    remedy === 'migrate'
      ? `  glance-retype migrate${tail}     # decides what changed, then verify again`
      : `  ${REMEDIES[remedy]}`,
  );
  return `${summary}\n\n${table}\n\nNext\n${steps.join('\n')}`;
}

/** Lines of each kind in the table; the JSON document has all differences that were kept. */
const SHOWN = 10;
