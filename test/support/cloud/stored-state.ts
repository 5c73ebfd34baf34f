import type { Database, DriverRow } from '../../../src/db/database.ts';
import type { Target } from '../../../src/journal/meta.ts';
import {
  type Entry,
  type ImageState,
  NO_RESULTS,
  type Results,
  type ResultsOf,
  type State,
} from './reference-model.ts';

/** What the database says of all images, in the words of the reference model. */
export interface StoredState {
  readonly state: State;
  readonly resultsOf: ResultsOf;
  readonly runs: readonly StoredRun[];
}

interface StoredRun {
  readonly id: number;
  readonly state: string;
  readonly rulesDigest: string;
  /** JSON; null until the run is complete. */
  readonly counts: string | null;
}

/** @throws Error where the journal contradicts itself: a row that replaced another does not follow it, a batch or a decision is missing. */
export async function readState(database: Database, target: Target): Promise<StoredState> {
  const decisions = new Map<string, Results>();
  const found = await database.query('SELECT decision_key, image_type, container_type, envelope FROM retype_decisions');
  for (const row of found) decisions.set(String(row['decision_key']), resultsIn(row));
  const resultsOf: ResultsOf = (key) => {
    const results = decisions.get(key);
    if (results === undefined) throw new Error(`no decision is called ${key}`);
    return target.kind === 'columns' ? results : NO_RESULTS;
  };
  const runs = await database.query('SELECT id, state, rules_digest, counts FROM retype_runs ORDER BY id');
  return {
    state: await readImages(database, target),
    resultsOf,
    runs: runs.map((row) => ({
      id: Number(row['id']),
      state: String(row['state']),
      rulesDigest: String(row['rules_digest']),
      counts: text(row['counts']),
    })),
  };
}

async function readImages(database: Database, target: Target): Promise<State> {
  const entries = await readEntries(database);
  const columns = target.kind === 'columns' ? ', image_type, container_type, envelope' : '';
  const images = new Map<string, ImageState>();
  for (const row of await database.query(`SELECT id, owner, deleted${columns} FROM images ORDER BY id`)) {
    images.set(String(row['id']), {
      entries: entries.get(String(row['id'])) ?? [],
      results: target.kind === 'columns' ? resultsIn(row) : NO_RESULTS,
      deleted: row['deleted'] === true || Number(row['deleted']) === 1,
      owner: text(row['owner']),
    });
  }
  for (const [id, list] of entries)
    if (!images.has(id)) images.set(id, { entries: list, results: null, deleted: false, owner: null });
  return images;
}

/** Journal rows of each image, those that were replaced before the one that replaced them. */
async function readEntries(database: Database): Promise<ReadonlyMap<string, readonly Entry[]>> {
  const rows = await database.query(
    `SELECT e.*, b.uuid FROM (
       SELECT image_id, superseded_by, run_id, batch, decision_key FROM retype_undo
       UNION ALL SELECT image_id, NULL AS superseded_by, run_id, batch, decision_key FROM retype_journal) e
     LEFT JOIN retype_batches b ON b.run_id = e.run_id AND b.batch = e.batch ORDER BY e.image_id, e.run_id`,
  );
  const entries = new Map<string, Entry[]>();
  const successors = new Map<string, number | null>();
  for (const row of rows) {
    const id = String(row['image_id']);
    const run = Number(row['run_id']);
    const expected = successors.get(id);
    if (text(row['uuid']) === null) throw new Error(`${id} was written by a batch of run ${run} that is not there`);
    if (expected !== undefined && expected !== run)
      throw new Error(`${id} was replaced by run ${String(expected)}, but what follows is of run ${run}`);
    successors.set(id, row['superseded_by'] === null ? null : Number(row['superseded_by']));
    entries.set(id, [...(entries.get(id) ?? []), { run, key: String(row['decision_key']) }]);
  }
  for (const [id, successor] of successors)
    if (successor !== null) throw new Error(`${id} was replaced by run ${successor}, which left no row`);
  return entries;
}

function resultsIn(row: DriverRow): Results {
  return [text(row['image_type']), text(row['container_type']), text(row['envelope'])];
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
