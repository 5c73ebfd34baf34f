import { addSeal, batchAccounts, countBatches } from '../../journal/batches.ts';
import { decisionAccounts, findDecisions } from '../../journal/decisions.ts';
import { GATE, isHeld, leaseAccounts, type LeaseRecord, readLeases } from '../../journal/lease.ts';
import type { EntryPlace } from '../../journal/ledger.ts';
import { addEntry, entriesWithoutImage, entryPlaces, noEntries, undoPlaces } from '../../journal/ledger.ts';
import { isMetaAltered, type JournalMeta } from '../../journal/meta.ts';
import { listRuns } from '../../journal/runs.ts';
import { shardAccounts } from '../../journal/shards.ts';
import { LEASE_TABLE, META_TABLE } from '../../journal/tables.ts';
import type { Database } from '../../db/database.ts';
import { compareNodes } from './compare-nodes.ts';
import type { Differences } from './differences.ts';
import { compareBooks, type RunBooks } from './journal-accounts.ts';

/** The result of the check of the tool's own tables, besides the differences. */
export interface RecordsCheck {
  /**
   * Another process that writes to them. Then rows and batches appear during the check, and their sums are not
   * compared.
   */
  readonly atWork: LeaseRecord | 'unknown' | null;
  /** Rows of retype_journal. */
  readonly journalRows: number;
}

/** Which tables to check. */
export interface RecordsPlace {
  readonly reader: Database;
  readonly meta: Pick<JournalMeta, 'target'>;
  /** Other nodes of the same cluster, or copies. */
  readonly nodes: readonly Database[];
}

/** Keys of stored decisions held in memory; beyond them keys are asked for again, so memory stays bounded. */
const REMEMBERED = 100_000;

/**
 * Checks the tool's own tables for anything that it did not write, and for anything that it wrote and that is gone.
 * Glance plays no part in it: an image that was deleted or purged leaves its rows as they were. Reads each table once,
 * page by page, and holds one page and a few numbers of each batch. Then compares other nodes.
 */
export async function verifyRecords(
  { reader, meta, nodes }: RecordsPlace,
  differences: Differences,
): Promise<RecordsCheck> {
  const before = await readActivity(reader);
  await verifyFewRows(reader, differences);
  const stored = await verifyDecisions(reader, differences);
  const books = await readBooks(reader, differences);
  const journalRows = await readEntries(reader, stored, books, differences);
  const after = await readActivity(reader);
  const atWork = before.holder ?? after.holder ?? (before.mark === after.mark ? null : 'unknown');
  if (atWork === null) {
    missingRuns(books, differences);
    for (const book of books.values()) {
      const fuller = compareBooks(book, differences);
      for (const batch of fuller.slice(0, NAMED)) await nameUnknownImages(reader, book.id, batch, differences);
    }
  }
  await compareNodes(reader, nodes, meta.target, differences);
  return { atWork, journalRows };
}

/** A process that writes takes or holds a lease, and adds batches or changes the record of a run. */
async function readActivity(reader: Database): Promise<{ readonly holder: LeaseRecord | null; readonly mark: string }> {
  const leases = await readLeases(reader, reader.dialect.nowMs);
  const batches = await countBatches(reader);
  const undone = (await listRuns(reader)).map(({ id, state, undone: { rows } }) => [id, state, rows]);
  const epochs = leases.map(({ owner, epoch }) => [owner, String(epoch)]);
  return { holder: leases.find(isHeld) ?? null, mark: JSON.stringify([batches, undone, epochs]) };
}

async function verifyFewRows(reader: Database, differences: Differences): Promise<void> {
  if (await isMetaAltered(reader)) differences.record('meta-altered', META_TABLE, 'as expand wrote it', 'another row');
  await verifyLeases(reader, differences);
  const cuts = new Map<string, { readonly runId: number; readonly shards: number; there: number }>();
  for (const { runId, shard, of: shards, state, integrity } of await shardAccounts(reader)) {
    const name = `run ${runId}, shard ${shard} of ${shards}`;
    if (integrity === 'altered') differences.record('shard-altered', name, 'as it was cut', state);
    const cut = cuts.get(`${runId}/${shards}`) ?? { runId, shards, there: 0 };
    cut.there += 1;
    cuts.set(`${runId}/${shards}`, cut);
  }
  for (const { runId, shards, there } of cuts.values())
    if (there < shards)
      differences.record('shard-altered', `run ${runId}`, `${shards} shards`, `${there}`, shards - there);
}

/** A heartbeat this far ahead of the server's clock is not one; the clocks of nodes differ by less. */
const DAY_MS = 86_400_000;

async function verifyLeases(reader: Database, differences: Differences): Promise<void> {
  const leases = await leaseAccounts(reader, reader.dialect.nowMs);
  if (leases[0]?.id !== GATE)
    differences.record('lease-altered', LEASE_TABLE, 'the lease on everything', 'no such row');
  for (const { id, aheadMs, holder } of leases) {
    const name = `lease ${id}`;
    if (aheadMs > DAY_MS)
      differences.record('lease-altered', name, 'a sign of life', `one ${aheadMs} ms ahead of the clock`);
    if (holder.length % 4 !== 0)
      differences.record('lease-altered', name, 'a holder, or none', `${holder.join(' and ')} alone`);
  }
}

/** Checks every stored decision. @returns keys of stored decisions, up to `REMEMBERED`. */
async function verifyDecisions(reader: Database, differences: Differences): Promise<Set<string>> {
  const stored = new Set<string>();
  for await (const page of decisionAccounts(reader)) {
    for (const { key, integrity, words } of page) {
      if (stored.size < REMEMBERED) stored.add(key);
      if (integrity === 'altered') differences.record('decision-altered', `decision ${key}`, 'another content', words);
    }
  }
  return stored;
}

type Books = Map<number, RunBooks>;

function bookOf(books: Books, id: number): RunBooks {
  return (
    books.get(id) ?? {
      id,
      run: null,
      account: { batches: new Map(), seals: noEntries() },
      entries: { byBatch: new Map(), supersededByIt: 0 },
    }
  );
}

/** Runs are numbered without gaps. A missing run that rows name is reported with its rows. */
function missingRuns(books: Books, differences: Differences): void {
  const known = [...books.values()].filter(({ run }) => run?.integrity === 'intact').map(({ id }) => id);
  const newest = Math.max(0, ...known);
  const missing = newest - [...books.keys()].filter((id) => id >= 1 && id <= newest).length;
  if (missing > 0)
    differences.record('run-missing', `run ${newest}`, `${newest} runs up to it`, `${missing} fewer`, missing);
}

async function readBooks(reader: Database, differences: Differences): Promise<Books> {
  const books: Books = new Map();
  for (const run of await listRuns(reader)) {
    books.set(run.id, { ...bookOf(books, run.id), run });
    if (run.integrity === 'altered')
      differences.record('run-altered', `run ${run.id}`, 'as this tool wrote it', `${run.state}, or another change`);
  }
  for await (const page of batchAccounts(reader)) {
    for (const batch of page) {
      const book = bookOf(books, batch.runId);
      books.set(batch.runId, book);
      book.account.batches.set(batch.batch, batch);
      addSeal(book.account.seals, batch);
      if (batch.integrity === 'altered') {
        const now = `${batch.written.rows} rows written, pass ${batch.pass}, up to ${batch.until ?? 'nowhere'}`;
        differences.record('batch-altered', `run ${batch.runId}, batch ${batch.batch}`, 'as it was committed', now);
      }
    }
  }
  return books;
}

/** Adds the rows of journal and before-images to the accounts. @returns rows of the journal. */
async function readEntries(
  reader: Database,
  stored: Set<string>,
  books: Books,
  differences: Differences,
): Promise<number> {
  const add = async (page: readonly EntryPlace[]): Promise<void> => {
    const asked = new Set(page.map(({ decisionKey }) => decisionKey).filter((key) => !stored.has(key)));
    const found = asked.size === 0 ? asked : await findDecisions(reader, [...asked]);
    for (const entry of page) {
      const { imageId, runId, batch, decisionKey } = entry;
      if (!stored.has(decisionKey) && !found.has(decisionKey))
        differences.image('decision-missing', imageId, `decision ${decisionKey}`, 'not there');
      const book = bookOf(books, runId);
      books.set(runId, book);
      const sum = book.entries.byBatch.get(batch) ?? noEntries();
      book.entries.byBatch.set(batch, sum);
      addEntry(sum, entry);
    }
  };
  let journalRows = 0;
  for await (const page of entryPlaces(reader)) {
    journalRows += page.length;
    await add(page);
  }
  for await (const page of undoPlaces(reader)) {
    await add(page);
    for (const { imageId, runId, supersededBy, followed } of page) {
      const later = bookOf(books, supersededBy);
      books.set(later.id, later);
      later.entries.supersededByIt += 1;
      if (!followed)
        differences.image('undo-altered', imageId, `run ${runId}, replaced by run ${supersededBy}`, 'no such row');
    }
  }
  return journalRows;
}

/** Batches with too many rows whose images are looked up, and images named of each. */
const NAMED = 5;

/** Names images that do not exist: a row that no batch wrote often names one. Purged images are rightly among them. */
async function nameUnknownImages(
  reader: Database,
  runId: number,
  batch: number,
  differences: Differences,
): Promise<void> {
  for (const id of await entriesWithoutImage(reader, { runId, batch }, NAMED))
    differences.hint('journal-surplus', id, `run ${runId}, batch ${batch}`, 'no such image');
}
