import { setTimeout as sleep } from 'node:timers/promises';

import { columnList, type Target } from '../../journal/meta.ts';
import { type KeyedRows, keyOf, type KeyValues, readPart, wholeTable } from '../../journal/table-pages.ts';
import { JOURNAL_TABLES, LEASE_TABLE } from '../../journal/tables.ts';
import type { Database, DriverRow } from '../../db/database.ts';
import type { Differences } from './differences.ts';

/**
 * A row that is written during the comparison arrives at the other node a little later: a difference is read again
 * before it is reported.
 */
const ATTEMPTS = 3;
const PAUSE_MS = 400;
const ROWS_AT_ONCE = 1_000;

/**
 * Reads results and the tool's own tables on other nodes, or in any copy of the database, and reports every row that
 * differs from this one. The lease is left out: it changes all the time. Rows are compared part by part, in the order
 * of their keys.
 */
export async function compareNodes(
  reader: Database,
  nodes: readonly Database[],
  target: Target,
  differences: Differences,
): Promise<void> {
  if (nodes.length === 0) return;
  const results = target.kind === 'table' ? [] : columnList(target.names).map((name) => reader.dialect.quote(name));
  const legacy = ['id', 'disk_format', 'container_format', 'status', 'deleted'];
  const images = { select: `SELECT ${[...legacy, ...results].join(', ')} FROM images`, key: ['id'] };
  const own = JOURNAL_TABLES.filter((table) => table !== LEASE_TABLE);
  const tables: readonly (readonly [string, KeyedRows])[] = [
    ['images', images],
    ...own.map((table) => [table, wholeTable(table)] as const),
  ];
  for (const node of nodes) {
    const there = new Set(await node.dialect.listTables(node));
    for (const [table, rows] of tables) {
      if (there.has(table)) await compareTable({ reader, node, table, rows }, differences);
      else differences.record('node-differs', `${table} on ${node.label}`, 'a table', 'no such table');
    }
  }
}

interface Sides {
  readonly reader: Database;
  readonly node: Database;
  readonly table: string;
  readonly rows: KeyedRows;
}

async function compareTable(sides: Sides, differences: Differences): Promise<void> {
  const { reader, node, table, rows } = sides;
  let after: KeyValues | null = null;
  for (;;) {
    const page: readonly DriverRow[] = await readPart(reader, rows, { after, until: null }, ROWS_AT_ONCE);
    const last = page.at(-1);
    // The last part has no end: rows that only the other side has may follow all of ours.
    const until: KeyValues | null = last === undefined || page.length < ROWS_AT_ONCE ? null : keyOf(rows, last);
    for (const { key, own, theirs } of await differingRows(sides, page, { after, until }))
      differences.record('node-differs', `${table} ${key} on ${node.label}`, shown(own), shown(theirs));
    if (until === null) return;
    after = until;
  }
}

/** Rows that differ; `own` or `theirs` is null where that side has no such row. */
async function differingRows(
  { reader, node, rows }: Sides,
  page: readonly DriverRow[],
  part: { readonly after: KeyValues | null; readonly until: KeyValues | null },
): Promise<readonly { readonly key: string; readonly own: string | null; readonly theirs: string | null }[]> {
  let own = page;
  for (let attempt = 1; ; attempt += 1) {
    const ours = byKey(rows, own);
    const theirs = byKey(rows, await readPart(node, rows, part, null));
    const found = [...new Set([...ours.keys(), ...theirs.keys()])]
      .map((key) => ({ key, own: ours.get(key) ?? null, theirs: theirs.get(key) ?? null }))
      .filter((row) => row.own !== row.theirs);
    if (found.length === 0 || attempt === ATTEMPTS) return found;
    await sleep(PAUSE_MS);
    own = await readPart(reader, rows, part, null);
  }
}

function byKey(rows: KeyedRows, page: readonly DriverRow[]): ReadonlyMap<string, string> {
  return new Map(page.map((row) => [keyOf(rows, row).join('/'), rowText(row)]));
}

/** Columns in the order of their names: another node may have created them in another order. */
function rowText(row: DriverRow): string {
  const columns = Object.keys(row).sort();
  return columns
    .map(
      (column) =>
        `${column}=${JSON.stringify(row[column], (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`,
    )
    .join(' ');
}

const SHOWN = 300;

function shown(text: string | null): string {
  return text === null ? 'no such row' : text.slice(0, SHOWN);
}
