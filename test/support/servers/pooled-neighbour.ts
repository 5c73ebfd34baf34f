import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

/** Somebody else who writes through the same pooler, as Glance does. */
export interface PooledNeighbour {
  /** Statements that succeeded. */
  written(): number;
  /** What the others said. */
  readonly failures: readonly string[];
  stop(): Promise<void>;
}

/** Updates a column of all images that no command of the product writes, one statement after the other, until it is stopped. */
export async function startNeighbour(url: string): Promise<PooledNeighbour> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const failures: string[] = [];
  let written = 0;
  let stopped = false;
  const isStopped = (): boolean => stopped;
  const write = async (): Promise<void> => {
    while (!isStopped()) {
      try {
        await client.query('UPDATE images SET min_ram = min_ram WHERE id = (SELECT min(id) FROM images)');
        written += 1;
      } catch (error) {
        failures.push(String(error));
      }
      await sleep(10);
    }
  };
  const writing = write();
  return {
    written: () => written,
    failures,
    stop: async () => {
      stopped = true;
      await writing;
      await client.end();
    },
  };
}

/**
 * All settings of so many server connections behind a pooler, as a client of it finds them. Transactions are held open side by side, so
 * that no two of them are on the same one.
 */
export async function pooledSettings(url: string, connections: number): Promise<readonly string[]> {
  const clients = Array.from({ length: connections }, () => new Client({ connectionString: url }));
  const settings: string[] = [];
  const servers = new Set<unknown>();
  for (const client of clients) {
    await client.connect();
    await client.query('BEGIN');
    const { rows } = await client.query<{ readonly name: string; readonly setting: string; readonly pid: number }>(
      "/*NO LOAD BALANCE*/ SELECT name, setting, pg_backend_pid() AS pid FROM pg_settings WHERE name NOT LIKE 'transaction\\_%' ORDER BY name",
    );
    settings.push(rows.map(({ name, setting }) => `${name} = ${setting}`).join('\n'));
    servers.add(rows[0]?.pid);
  }
  for (const client of clients) {
    await client.query('COMMIT');
    await client.end();
  }
  if (servers.size !== connections) throw new Error(`${servers.size} server connections instead of ${connections}`);
  return settings;
}
