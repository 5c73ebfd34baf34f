import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { PrivateServer } from '../../../scripts/servers/private-server.ts';
import { startMariadb } from '../../../scripts/servers/mariadb.ts';
import { startPostgres } from '../../../scripts/servers/postgres.ts';
import { ENGINES, EXCLUDED_ENGINES } from './engine-names.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** For files of the tests; removed at the end of the run. */
    readonly temporaryDirectory: string;
    readonly mariadbUrl: string | null;
    readonly postgresUrl: string | null;
  }
}

/** Starts each server once a run and stops it at the end; `test/support/servers/engines.ts` hands out databases. */
let servers: readonly PrivateServer[] = [];
let directory: string | null = null;

/** What a whole run may write before it ends, and what its programs need of the memory besides. */
const RUN_BYTES = 12 * 2 ** 30;
const PROGRAM_BYTES = 4 * 2 ** 30;

/** A file system in memory: thousands of small databases are made, and on a disk most of a run is waiting for it. */
const IN_MEMORY = '/dev/shm';

export async function setup(project: TestProject): Promise<void> {
  // Servers, workers and the programs they start inherit it.
  if (process.env['TMPDIR'] === undefined && holdsARun()) process.env['TMPDIR'] = IN_MEMORY;
  if (EXCLUDED_ENGINES.length > 0) {
    process.stderr.write(
      `GLANCE_RETYPE_TEST_ENGINES excludes ${EXCLUDED_ENGINES.join(', ')}: these engines are NOT tested\n`,
    );
  }
  const [mariadb, postgres] = await Promise.all([
    ENGINES.includes('mariadb') ? startMariadb() : null,
    ENGINES.includes('postgres') ? startPostgres() : null,
  ]);
  directory = mkdtempSync(join(tmpdir(), 'glance-retype-run-'));
  // Servers that run under another account have their folders in it.
  chmodSync(directory, 0o711);
  // Workers and the programs they start inherit it, so that whatever a test leaves behind goes with the run.
  process.env['TMPDIR'] = directory;
  project.provide('temporaryDirectory', directory);
  project.provide('mariadbUrl', mariadb?.adminUrl ?? null);
  project.provide('postgresUrl', postgres?.adminUrl ?? null);
  servers = [mariadb, postgres].filter((server) => server !== null);
}

/** Whoever sets TMPDIR is not asked. */
function holdsARun(): boolean {
  if (!existsSync(IN_MEMORY)) return false;
  const memory = statfsSync(IN_MEMORY);
  return memory.bavail * memory.bsize >= RUN_BYTES && process.availableMemory() >= RUN_BYTES + PROGRAM_BYTES;
}

export async function teardown(): Promise<void> {
  if (directory !== null) rmSync(directory, { recursive: true, force: true });
  await Promise.all(servers.map((server) => server.stop()));
}
