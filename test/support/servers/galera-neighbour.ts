import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection, type Connection } from 'mysql2';

/** Somebody who works with the same database through the same proxy, statement by statement, as Glance does. */
export interface Neighbour {
  /** Statements that went through so far. */
  readonly done: () => number;
  /** @returns the server's words for every statement that failed, and names of the settings of his sessions that are others now. */
  readonly stop: () => Promise<{ readonly failed: readonly string[]; readonly changed: readonly string[] }>;
}

const PAUSE_MS = 15;

/** What changes by itself. */
const SETTINGS =
  "SHOW SESSION VARIABLES WHERE Variable_name NOT IN ('timestamp', 'rand_seed1', 'rand_seed2', 'gtid_seqno')";

type Rows = readonly Readonly<Record<string, unknown>>[];

/**
 * Keeps two connections open all the time, and makes a new one every few statements: a pooler would hand him one of the tool's.
 *
 * @param url through the proxy
 */
export async function startNeighbour(url: string): Promise<Neighbour> {
  const failed: string[] = [];
  let done = 0;
  let stopped = false;
  const isStopped = (): boolean => stopped;
  const kept = await Promise.all([0, 1].map(async () => open(url)));
  const before = await Promise.all(kept.map(settingsOf));
  const ids = (await ask(kept[0] as Connection, 'SELECT id FROM images ORDER BY id')).map((row) => String(row['id']));
  const work = kept.map(async (connection, lane) => {
    for (let turn = lane; !isStopped(); turn += 1) {
      const id = ids[(turn * 37) % ids.length] ?? '';
      const fresh = turn % 10 === 0 ? await open(url).catch((error: unknown) => error as Error) : connection;
      try {
        if (fresh instanceof Error) throw fresh;
        await ask(fresh, 'UPDATE images SET checksum = ? WHERE id = ?', [String(turn).padStart(32, '0'), id]);
        await ask(fresh, 'SELECT * FROM images WHERE id = ?', [id]);
        done += 2;
      } catch (error) {
        failed.push(String(error));
      }
      if (fresh !== connection && !(fresh instanceof Error)) fresh.destroy();
      await sleep(PAUSE_MS);
    }
  });
  return {
    done: () => done,
    stop: async () => {
      stopped = true;
      await Promise.all(work);
      const after = await Promise.all(kept.map(settingsOf));
      for (const connection of kept) connection.destroy();
      const changed = after.flatMap((settings, index) =>
        [...settings].filter(([name, value]) => before[index]?.get(name) !== value),
      );
      return { failed, changed: [...new Set(changed.map(([name]) => name))] };
    },
  };
}

async function open(url: string): Promise<Connection> {
  const { hostname, port, pathname } = new URL(url);
  const connection = createConnection({
    host: hostname,
    port: Number(port),
    user: 'root',
    database: pathname.slice(1),
  });
  connection.on('error', () => {});
  return new Promise((resolve, reject) => {
    connection.connect((error) => (error === null ? resolve(connection) : reject(error)));
  });
}

async function settingsOf(connection: Connection): Promise<ReadonlyMap<string, string>> {
  const rows = await ask(connection, SETTINGS);
  return new Map(rows.map((row) => [String(row['Variable_name']), String(row['Value'])]));
}

async function ask(connection: Connection, sql: string, values: readonly string[] = []): Promise<Rows> {
  return new Promise((resolve, reject) => {
    connection.query(sql, [...values], (error, rows) => (error === null ? resolve(rows as Rows) : reject(error)));
  });
}
