import { createHash } from 'node:crypto';

import type { Database } from '../../db/database.ts';
import { JOURNAL_TABLES } from '../../journal/tables.ts';
import { type CopiedTables, type CopyContext, copyTables } from './copy-tables.ts';
import { type Kill, migrateWithKills } from './kills.ts';
import { seededRandom } from './random.ts';
import { readResults, type StoredResults } from './results.ts';
import { digestText, readTableDigest } from './rows-digest.ts';
import { beginStep, readProgress, runStep, type StepContext, StepFailed, Stopped } from './steps.ts';

export interface RehearsalContext extends CopyContext, StepContext {
  /** The commands with the options that they get in production. */
  readonly words: Readonly<Record<'expand' | 'migrate' | 'verify' | 'rollback', readonly string[]>>;
  /** How often migrate is killed; 0 or more. */
  readonly kills: number;
  /** Decides when; 32 bits. */
  readonly seed: number;
  /** `ours`: the run that is killed may be given smaller batches, so that there are enough of them. */
  readonly batchSize: 'given' | 'ours';
}

/** A comparison that a rehearsal rests on. */
export interface Check {
  readonly name: string;
  readonly expected: string;
  readonly found: string;
}

type TimedCommand = 'expand' | 'migrate' | 'verify' | 'rollback';

/** What a migration of the copy took. */
interface Expected {
  /**
   * Of each command as a process, from start to exit, one for each time; of the run that was killed the sum over all
   * its processes. Whatever else the machine does makes them longer, so the shortest says most.
   */
  readonly milliseconds: Readonly<Record<TimedCommand, readonly number[]>>;
  readonly batches: number;
  readonly journalBytes: number;
}

export interface Rehearsal {
  /** `broken`: a command ended as it should not, and the rest was not rehearsed. */
  readonly end: 'finished' | 'stopped' | 'broken';
  readonly broken: StepFailed | null;
  readonly tables: CopiedTables;
  /** Of all rows that were copied. */
  readonly dataDigest: string | null;
  readonly expected: Expected | null;
  readonly results: StoredResults | null;
  readonly kills: readonly Kill[];
  readonly checks: readonly Check[];
  /** Differences that verify reported, over all runs. */
  readonly differences: number;
}

type Found = { -readonly [Key in keyof Rehearsal]: Rehearsal[Key] } & { readonly checks: Check[] };

/**
 * Copies the source into the scratch schema, migrates the copy undisturbed, takes that back, migrates it again while
 * it is killed, and takes that back as well. After each step what must be the same is compared.
 */
export async function rehearse(context: RehearsalContext): Promise<Rehearsal> {
  const found: Found = {
    end: 'finished',
    broken: null,
    tables: new Map(),
    dataDigest: null,
    expected: null,
    results: null,
    kills: [],
    checks: [],
    differences: 0,
  };
  try {
    await rehearseAll(context, found);
  } catch (error) {
    if (error instanceof Stopped) found.end = 'stopped';
    else if (error instanceof StepFailed) {
      found.end = 'broken';
      found.broken = error;
    } else throw error;
  }
  return found;
}

async function rehearseAll(context: RehearsalContext, found: Found): Promise<void> {
  const { scratch, words, kills } = context;
  beginStep(context, 'copy', `copying the tables to ${scratch.label}`);
  const copied = await copyTables(context);
  if (copied === 'stopped') throw new Stopped();
  found.tables = copied;
  found.dataDigest = sha256([...copied].map(([table, digest]) => `${table} ${digestText(digest)}`).join('\n'));
  const tables = [...copied.keys()];
  beginStep(context, 'compare', 'comparing the copy with what was read');
  for (const [table, digest] of copied) {
    check(found, `the copy of ${table}`, digestText(digest), digestText(await readTableDigest(scratch, table)));
  }
  const before = await stateOf(scratch, tables);

  const took: Record<TimedCommand, number[]> = { expand: [], migrate: [], verify: [], rollback: [] };
  took.expand.push((await runStep(context, 'expand', words.expand, [0])).milliseconds);
  const migrate = await runStep(context, 'migrate, undisturbed', words.migrate, [0]);
  const progress = await readProgress(scratch);
  await scratch.transaction(async (trx) => scratch.dialect.copying.settle(trx, JOURNAL_TABLES));
  const journalBytes = await scratch.dialect.copying.storedBytes(scratch, JOURNAL_TABLES);
  found.results = await readResults(scratch);
  took.migrate.push(migrate.milliseconds);
  took.verify.push(await verified(context, found, 'after the undisturbed run'));
  took.rollback.push(await rolledBack(context, found, before, tables, 'after the undisturbed run'));
  found.expected = { milliseconds: took, batches: progress.batches, journalBytes };

  if (kills === 0) return;
  took.expand.push((await runStep(context, 'expand', words.expand, [0])).milliseconds);
  const killed = await migrateWithKills(context, {
    words: [...words.migrate, ...smallBatches(context, progress)],
    kills,
    random: seededRandom(context.seed),
    rows: progress.rows,
    batches: progress.batches,
    milliseconds: migrate.milliseconds,
    anew: async () => {
      await runStep(context, 'rollback, because the run ended before it was killed', words.rollback, [0]);
      await runStep(context, 'expand', words.expand, [0]);
    },
  });
  found.kills = killed.kills;
  if (killed.milliseconds !== null) took.migrate.push(killed.milliseconds);
  const results = await readResults(scratch);
  check(found, 'the results of the run that was killed', found.results.digest, results.digest);
  took.verify.push(await verified(context, found, 'after the kills'));
  took.rollback.push(await rolledBack(context, found, before, tables, 'after the kills'));
}

function check(found: Found, name: string, expected: string, actual: string): void {
  found.checks.push({ name, expected, found: actual });
}

/** A run of fewer batches than this for each kill is over before it can be killed in the middle. */
const BATCHES_FOR_A_KILL = 8;

/** Batch sizes never change a result. */
function smallBatches(
  { kills, batchSize }: RehearsalContext,
  { batches, rows }: { readonly batches: number; readonly rows: number },
): readonly string[] {
  const wanted = BATCHES_FOR_A_KILL * (kills + 1);
  if (batchSize === 'given' || batches >= wanted) return [];
  return ['--batch-size', String(Math.max(1, Math.floor(rows / wanted)))];
}

async function verified(context: RehearsalContext, found: Found, when: string): Promise<number> {
  const end = await runStep(context, `verify, ${when}`, [...context.words.verify, '--json', '-'], [0, 7]);
  const differences = differencesIn(end.stdout);
  found.differences += differences;
  check(found, `verify ${when}`, '0 differences', `${differences} differences`);
  return end.milliseconds;
}

/** The sum of the document's `differences`. @throws TypeError for another document. */
export function differencesIn(document: string): number {
  const { differences } = JSON.parse(document) as { readonly differences?: unknown };
  if (typeof differences !== 'object' || differences === null) throw new TypeError('verify gave no differences');
  return Object.values(differences).reduce((sum: number, count) => sum + Number(count), 0);
}

async function rolledBack(
  context: RehearsalContext,
  found: Found,
  before: State,
  tables: readonly string[],
  when: string,
): Promise<number> {
  const end = await runStep(context, `rollback, ${when}`, context.words.rollback, [0, 7]);
  const after = await stateOf(context.scratch, tables);
  check(found, `the rows of Glance, rolled back ${when}`, before.rows, after.rows);
  check(found, `the schema of Glance, rolled back ${when}`, before.schema, after.schema);
  return end.milliseconds;
}

/** Everything that rollback has to bring back. */
interface State {
  readonly rows: string;
  readonly schema: string;
}

async function stateOf(scratch: Database, tables: readonly string[]): Promise<State> {
  const { copying } = scratch.dialect;
  const rows: string[] = [];
  const schema: string[] = [...(await copying.contents(scratch))];
  for (const table of tables) {
    rows.push(`${table} ${digestText(await readTableDigest(scratch, table))}`);
    const { create, afterRows } = await copying.definition(scratch, table);
    schema.push(...create, ...afterRows);
  }
  return { rows: rows.join(', '), schema: sha256(schema.join('\n')) };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
