import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

import type { Verdict } from '../../model/verdict.ts';
import { findSqlite, isSqliteError, type SqliteConnection } from '../../sqlite/driver.ts';
import { type Access, type ContentKey, PROBER_VERSION } from './verdict-cache-key.ts';
import { readVerdictRecord, verdictRecord } from './verdict-cache-record.ts';

/** A verdict and the digest of the bytes that it belongs to. */
export interface KnownVerdict {
  readonly verdict: Verdict;
  /** Digest of the head that was read. The verdict holds for no other bytes, whatever their row claims. */
  readonly head: string;
}

/**
 * Verdicts by content, kept between runs in a file that holds digests and verdicts: no name, no id, no location. It
 * never fails a run: what cannot be read counts as missing, and a failed write is reported once.
 */
export interface VerdictCache {
  /** The last verdict of a reading with at least the access given, at no cost; null if there is none. */
  get(key: ContentKey, access: Access): KnownVerdict | null;
  put(key: ContentKey, access: Access, known: KnownVerdict): void;
  close(): void;
}

export type OpenedCache =
  | { readonly kind: 'open'; readonly cache: VerdictCache }
  /** `why`: a clause without a full stop, for the operator. */
  | { readonly kind: 'unusable'; readonly why: string };

/** "GRvc" in SQLite's header marks the file as this cache (sqlite.org/pragma.html#pragma_application_id). */
const APPLICATION_ID = 0x47527663;
const LAYOUT = 2;

/** An older layout, by the claimed checksum alone. Its verdicts are dropped, because their bytes are not known. */
const LAYOUT_WITHOUT_HEAD = 1;

/** How long this process is blocked while another one writes, milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Opens or creates the file, with the directories above it. Several processes may use one file at a time.
 *
 * @param onTrouble called once, when the file fails while it is in use. Nothing is cached from then on.
 */
export function openVerdictCache(file: string, onTrouble: (why: string) => void): OpenedCache {
  const found = findSqlite();
  if (found.kind === 'missing') return { kind: 'unusable', why: found.why };
  let database: SqliteConnection | null = null;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // SQLite would create it readable for everybody.
    closeSync(openSync(file, 'a', 0o600));
    database = new found.sqlite(file, { timeout: BUSY_TIMEOUT_MS });
    const foreign = foreignReason(database);
    if (foreign !== null) {
      database.close();
      return { kind: 'unusable', why: foreign };
    }
    useWriteAheadLog(database);
    // A verdict that a power cut loses is found again.
    database.pragma('synchronous = NORMAL');
    prepare(database);
    return { kind: 'open', cache: cacheOver(database, onTrouble) };
  } catch (error) {
    database?.close();
    return { kind: 'unusable', why: reasonOf(error) };
  }
}

/** Checks the file before anything is written, because a mistyped path may lead to another database. */
function foreignReason(database: SqliteConnection): string | null {
  // In one transaction, because another process may create the file meanwhile.
  const look = database.transaction(() => ({
    id: database.pragma('application_id', { simple: true }),
    layout: database.pragma('user_version', { simple: true }),
    tables: database.prepare('SELECT COUNT(*) FROM sqlite_master').pluck().get(),
  }));
  const { id, layout, tables } = look();
  if (id === APPLICATION_ID && (layout === LAYOUT || layout === LAYOUT_WITHOUT_HEAD)) return null;
  if (id === 0 && layout === 0 && tables === 0) return null;
  return id === APPLICATION_ID ? 'it was made by another version' : 'it is a database of something else';
}

/** The file keeps the mode. It cannot be set while another process uses the file; the cache works without it. */
function useWriteAheadLog(database: SqliteConnection): void {
  try {
    database.pragma('journal_mode = WAL');
  } catch (error) {
    if (!isBusy(error)) throw error;
  }
}

function prepare(database: SqliteConnection): void {
  const make = database.transaction(() => {
    const layout: unknown = database.pragma('user_version', { simple: true });
    if (layout === LAYOUT_WITHOUT_HEAD) database.exec('DROP TABLE IF EXISTS verdict');
    database.exec(
      `CREATE TABLE IF NOT EXISTS verdict (algorithm TEXT NOT NULL, digest TEXT NOT NULL, size TEXT NOT NULL, prober INTEGER NOT NULL,
       access TEXT NOT NULL, head TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (algorithm, digest, size, prober, access)) WITHOUT ROWID`,
    );
    database.pragma(`application_id = ${APPLICATION_ID}`);
    database.pragma(`user_version = ${LAYOUT}`);
  });
  // Of two processes that find an empty file at the same time, one waits for the other.
  make.immediate();
}

type RowKey = [algorithm: string, digest: string, size: string, prober: number, access: Access];

function rowKey({ algorithm, digest, size }: ContentKey, access: Access): RowKey {
  return [algorithm, digest, size, PROBER_VERSION, access];
}

function cacheOver(database: SqliteConnection, onTrouble: (why: string) => void): VerdictCache {
  const select = database.prepare<RowKey, { readonly head: string; readonly record: string }>(
    'SELECT head, record FROM verdict WHERE algorithm = ? AND digest = ? AND size = ? AND prober = ? AND access = ?',
  );
  const insert = database.prepare<[...RowKey, string, string]>(
    'INSERT OR REPLACE INTO verdict (algorithm, digest, size, prober, access, head, record) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  let working = true;
  const guarded = <T>(work: () => T): T | null => {
    if (!working) return null;
    try {
      return work();
    } catch (error) {
      if (isBusy(error)) return null;
      working = false;
      onTrouble(reasonOf(error));
      return null;
    }
  };
  const find = (key: ContentKey, access: Access): KnownVerdict | null => {
    const row = guarded(() => select.get(...rowKey(key, access))) ?? null;
    const verdict = row === null ? null : readVerdictRecord(row.record);
    return row === null || verdict === null ? null : { verdict, head: row.head };
  };
  return {
    get: (key, access) => find(key, 'random') ?? (access === 'forward' ? find(key, 'forward') : null),
    put: (key, access, { verdict, head }) =>
      void guarded(() => insert.run(...rowKey(key, access), head, verdictRecord(verdict))),
    close: () => void guarded(() => database.close()),
  };
}

function isBusy(error: unknown): boolean {
  return isSqliteError(error) && /^SQLITE_(?:BUSY|LOCKED)/u.test(error.code);
}

function reasonOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'SQLITE_READONLY':
    case 'SQLITE_CANTOPEN':
      return 'it cannot be written';
    case 'ENOTDIR':
    case 'EISDIR':
      return 'its path leads through something that is no directory, or to one';
    case 'ENOSPC':
    case 'SQLITE_FULL':
      return 'the disk is full';
    case 'SQLITE_NOTADB':
    case 'SQLITE_CORRUPT':
      return 'it is damaged or no cache';
    default:
      return typeof code === 'string' ? `the system says ${code}` : 'it cannot be opened';
  }
}
