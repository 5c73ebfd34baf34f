import { createHash } from 'node:crypto';

import { RetypeError } from '../../../model/error.ts';
import { isSqliteError, requireSqlite } from '../../../sqlite/driver.ts';

export type Side = 'before' | 'after';

/** A row with its key. Texts are compared by code units and hold no lone surrogate. */
interface KeyedRow {
  readonly key: string;
  /** What only this row has. */
  readonly own: string;
  /** What many rows share; each distinct text is stored once. */
  readonly shared: string;
}

interface RowTexts {
  readonly own: string;
  readonly shared: string;
}

interface RowPair {
  readonly key: string;
  readonly before: RowTexts | null;
  readonly after: RowTexts | null;
}

/** Joins two streams of rows by key, in any order. The rows lie in a temporary file, so memory stays constant. */
export interface PairedRows extends Disposable {
  /**
   * @param line the row's line in its source.
   * @returns null, or the line of an earlier row of that side with the same key; the new row is dropped then.
   */
  put(side: Side, row: KeyedRow, line: number): number | null;
  /** Pairs by key: first those on both sides, then those on one side only. No row may be put meanwhile. */
  pairs(): IterableIterator<RowPair>;
}

const KNOWN_TEXTS = 4_000;

const SCHEMA = `
  PRAGMA journal_mode = OFF;
  PRAGMA synchronous = OFF;
  PRAGMA cache_size = -16000;
  CREATE TABLE shared (id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, text TEXT NOT NULL);
  CREATE TABLE before (key TEXT PRIMARY KEY, line INTEGER NOT NULL, own TEXT NOT NULL, shared INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE after (key TEXT PRIMARY KEY, line INTEGER NOT NULL, own TEXT NOT NULL, shared INTEGER NOT NULL) WITHOUT ROWID;
  BEGIN;
`;

const DIFFERENT = `
  SELECT b.key, b.own AS own_before, b.shared AS shared_before, a.own AS own_after, a.shared AS shared_after
  FROM before b JOIN after a ON a.key = b.key WHERE a.shared <> b.shared OR a.own <> b.own ORDER BY b.key`;
const GONE = `
  SELECT b.key, b.own AS own_before, b.shared AS shared_before, NULL AS own_after, NULL AS shared_after
  FROM before b WHERE NOT EXISTS (SELECT 1 FROM after a WHERE a.key = b.key) ORDER BY b.key`;
const ADDED = `
  SELECT a.key, NULL AS own_before, NULL AS shared_before, a.own AS own_after, a.shared AS shared_after
  FROM after a WHERE NOT EXISTS (SELECT 1 FROM before b WHERE b.key = a.key) ORDER BY a.key`;

interface JoinedRow {
  readonly key: string;
  readonly own_before: string | null;
  readonly shared_before: number | null;
  readonly own_after: string | null;
  readonly shared_after: number | null;
}

/**
 * Opens an empty store. SQLite unlinks a temporary database as soon as it is open, so nothing is left however the
 * process ends. It lies in SQLITE_TMPDIR, TMPDIR, /var/tmp or /tmp, readable by this user only.
 *
 * @throws RetypeError SQLITE_UNAVAILABLE; OUTPUT_FILE where there is no room, from every function.
 */
export function openPairedRows(): PairedRows {
  const sqlite = requireSqlite('diff, which pairs the rows of two plans in a temporary SQLite file');
  const file = guarded(() => {
    const made = new sqlite('');
    made.exec(SCHEMA);
    return made;
  });
  const insert = (side: Side) =>
    file.prepare<[string, number, string, number]>(
      `INSERT INTO ${side} (key, line, own, shared) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
  const inserts = { before: insert('before'), after: insert('after') };
  const lineOf = {
    before: file.prepare<[string], number>('SELECT line FROM before WHERE key = ?').pluck(),
    after: file.prepare<[string], number>('SELECT line FROM after WHERE key = ?').pluck(),
  };
  const findShared = file.prepare<[Buffer], number>('SELECT id FROM shared WHERE digest = ?').pluck();
  const addShared = file.prepare<[Buffer, string]>('INSERT INTO shared (digest, text) VALUES (?, ?)');
  const readShared = file.prepare<[number], string>('SELECT text FROM shared WHERE id = ?').pluck();

  const ids = new Map<string, number>();
  const texts = new Map<number, string>();

  function sharedId(text: string): number {
    const known = ids.get(text);
    if (known !== undefined) return known;
    const digest = createHash('sha256').update(text).digest();
    const id = findShared.get(digest) ?? Number(addShared.run(digest, text).lastInsertRowid);
    return remember(ids, text, id);
  }

  function sharedText(id: number): string {
    return texts.get(id) ?? remember(texts, id, readShared.get(id) ?? '');
  }

  function side(own: string | null, shared: number | null): RowTexts | null {
    return own === null || shared === null ? null : { own, shared: sharedText(shared) };
  }

  return {
    put: (to, { key, own, shared }, line) =>
      guarded(() => {
        if (inserts[to].run(key, line, own, sharedId(shared)).changes === 1) return null;
        return lineOf[to].get(key) ?? 0;
      }),
    *pairs() {
      for (const sql of [DIFFERENT, GONE, ADDED]) {
        for (const row of file.prepare<[], JoinedRow>(sql).iterate()) {
          yield {
            key: row.key,
            before: side(row.own_before, row.shared_before),
            after: side(row.own_after, row.shared_after),
          };
        }
      }
    },
    [Symbol.dispose]: () => {
      file.close();
    },
  };
}

/** Empties the cache when it is full: rows that share a text mostly stand near each other. */
function remember<Key, Value>(memory: Map<Key, Value>, key: Key, value: Value): Value {
  if (memory.size >= KNOWN_TEXTS) memory.clear();
  memory.set(key, value);
  return value;
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isSqliteError(error)) throw error;
    throw new RetypeError(
      'OUTPUT_FILE',
      {
        place: 'a temporary file (in TMPDIR, else /var/tmp)',
        expected: 'room for about a third of the plans that are compared',
        found: error.message,
        advice: 'make room, or let TMPDIR name a directory that has it',
      },
      error,
    );
  }
}
