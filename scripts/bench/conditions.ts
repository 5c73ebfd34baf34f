import { cpus, totalmem } from 'node:os';
import { parseDatabaseUrl } from '../../src/db/connection/url.ts';
import { openDatabase } from '../../src/db/engines/open.ts';
import type { BenchEngine } from './engine.ts';
import { grouped } from './figures.ts';
import type { Conditions } from './results/results.ts';

/** For a person: `2 cores (AMD EPYC 7763), 24 GiB, Node v20.20.2`. */
export function machineText(): string {
  const [cpu] = cpus();
  return `${String(cpus().length)} cores (${cpu?.model.trim() ?? 'unknown'}), ${grouped(totalmem() / 1024 ** 3)} GiB, Node ${process.version}`;
}

/** @param url a database of the engine */
export async function conditionsOf(engine: BenchEngine, url: string, seed: number): Promise<Conditions> {
  const database = await openDatabase(parseDatabaseUrl(url, 'bench'), 'read-only');
  const server = database.dialect.serverVersion;
  await database.close();
  return { server, settings: engine.settings, machine: machineText(), seed };
}
