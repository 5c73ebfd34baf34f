import { totalmem } from 'node:os';
import { parseDatabaseUrl } from '../../src/db/connection/url.ts';
import type { Database } from '../../src/db/database.ts';
import { openDatabase } from '../../src/db/engines/open.ts';
import type { CloudOptions } from '../fixtures/cloud.ts';
import type { ClientCommand } from './client-command.ts';
import type { BenchEngineName } from './engine-names.ts';
import type { PreparedCloud } from './prepared.ts';

/** A private server, or a file, with copies of one cloud to measure on. */
export interface BenchEngine {
  readonly name: BenchEngineName;
  /** Everything that was set and bears on speed, for a person. The same for clouds of every size. */
  readonly settings: string;
  /** Decides which cloud the copies are of. */
  prepare(options: CloudOptions): Promise<PreparedCloud>;
  /**
   * A copy that nothing has been done to, with the server at rest and its tables in memory as far as they fit; the copy before is
   * thrown away. @returns its address.
   */
  freshCopy(): Promise<string>;
  /** The engine's own client printing what each SELECT finds, or null where it is not installed. */
  dumpCommand(url: string, selects: readonly string[]): ClientCommand | null;
  stop(): Promise<void>;
}

/** In MiB: what a server may use where it has the machine for itself. */
export function shareOfMemory(share: number): number {
  return Math.max(128, Math.floor((totalmem() * share) / 1024 ** 2));
}

/** Opens a database for writing, and closes it when the work is done. */
export async function inDatabase<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(parseDatabaseUrl(url, 'bench'), 'read-write');
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
