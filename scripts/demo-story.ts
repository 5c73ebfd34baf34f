/**
 * The end of the demo: what was decided, what was not and why, and what to try next, from the plan the program wrote.
 *   tsx scripts/demo-story.ts FOLDER
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { grouped } from './bench/figures.ts';

interface Group {
  readonly status: string;
  readonly disk_format: string | null;
  readonly container_format: string | null;
  readonly reason: string;
  readonly count: number;
  readonly candidates: readonly { readonly image_type: string; readonly container_type: string }[];
  readonly samples: readonly { readonly id: string }[];
}

interface Summary {
  readonly total: number;
  readonly by_status: Readonly<Record<string, number>>;
  readonly undecided: readonly Group[];
}

const SHOWN_GROUPS = 6;
const COMMAND = 'node dist/cli.js';

const folder = process.argv[2] ?? 'demo';
const summary = summaryOf('plan.json');
const rowsAlone = summaryOf('rows-alone.json');
const count = (status: string): number => summary.by_status[status] ?? 0;
const decided = count('exact') + count('inferred');
const undecided = count('ambiguous') + count('unmappable');
const sample = summary.undecided[0]?.samples[0]?.id ?? 'IMAGE_ID';
const undecidedRowsAlone = (rowsAlone.by_status['ambiguous'] ?? 0) + (rowsAlone.by_status['unmappable'] ?? 0);

print(`
== What happened
${grouped(summary.total)} images: ${grouped(decided)} decided by rules and bytes, ${grouped(undecided)} left as questions because nobody can \
know what they are
(the rows alone would have left ${grouped(undecidedRowsAlone)}); the answer of the demo settled some of those,
${grouped(count('not-applicable'))} without a payload to type (queued, deleted, volume-backed snapshots).
disk_format, container_format and updated_at are untouched, in every row.

== The questions, largest groups first`);
for (const group of summary.undecided.slice(0, SHOWN_GROUPS)) {
  print(`${grouped(group.count).padStart(7)}  ${tuple(group)}: ${group.reason}
         ${answers(group)}; for example ${group.samples[0]?.id ?? '-'}`);
}
const rest = summary.undecided.slice(SHOWN_GROUPS);
if (rest.length > 0) {
  const images = rest.reduce((sum, group) => sum + group.count, 0);
  print(`${grouped(images).padStart(7)}  in ${String(rest.length)} smaller groups, all of them in ${folder}/plan.json`);
}
print(`
== Try next
  export GLANCE_RETYPE_DATABASE_URL=sqlite:///${folder}/glance.sqlite
  export XDG_CACHE_HOME=$PWD/${folder}/cache
  xdg-open ${folder}/plan.html             # the report (or open it in your browser)
  ${COMMAND} questions ${folder}/answers.yaml   # answer the questions, one by one
  ${COMMAND} explain ${sample} --store-path ${folder}/store   # how one image was decided
  ${COMMAND} status                 # what is stored
  ls ${folder}/store/* | head | ${COMMAND} probe -   # what ten of the images are, from their bytes
  ${COMMAND} migrate --yes --store-path ${folder}/store --answers ${folder}/answers.yaml   # again: finds nothing left to do
  ${COMMAND} gate --store-path ${folder}/store --answers ${folder}/answers.yaml   # may the cutover go on?
  ${COMMAND} rollback --yes         # every row back to its earlier bytes, and the tool's own tables gone
  ${COMMAND} plan --rules config/example.rules.yaml   # the same cloud, once you say what raw means on it
  head -n 1 ${folder}/plan.ndjson        # one decision, with its rule and evidence
  less ${folder}/plan.csv                # for a spreadsheet`);

function summaryOf(file: string): Summary {
  const plan = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as { readonly summary: Summary };
  return plan.summary;
}

function tuple(group: Group): string {
  return `${group.disk_format ?? 'NULL'}/${group.container_format ?? 'NULL'}`;
}

function answers(group: Group): string {
  if (group.candidates.length === 0) return 'no word of the model fits';
  return `may be ${group.candidates.map((one) => `${one.image_type}/${one.container_type}`).join(', ')}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
