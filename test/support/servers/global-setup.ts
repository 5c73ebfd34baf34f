import type { TestProject } from 'vitest/node';

import { startMariadb } from '../../../scripts/servers/mariadb.ts';
import { startPostgres } from '../../../scripts/servers/postgres.ts';
import type { PrivateServer } from '../../../scripts/servers/private-server.ts';
import { ENGINES, EXCLUDED_ENGINES } from './engine-names.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly mariadbUrl: string | null;
    readonly postgresUrl: string | null;
  }
}

interface Servers {
  readonly mariadb: PrivateServer | null;
  readonly postgres: PrivateServer | null;
}

/** The servers of this run, for all projects that take part: each project loads this file anew. */
const SHARED = globalThis as { glanceRetypeServers?: Promise<Servers> | undefined };

/** Starts each server once a run and stops it at the end; `engines.ts` hands out databases. */
export async function setup(project: TestProject): Promise<void> {
  SHARED.glanceRetypeServers ??= start();
  const { mariadb, postgres } = await SHARED.glanceRetypeServers;
  project.provide('mariadbUrl', mariadb?.adminUrl ?? null);
  project.provide('postgresUrl', postgres?.adminUrl ?? null);
}

export async function teardown(): Promise<void> {
  const servers = SHARED.glanceRetypeServers;
  // The first project that ends stops them: vitest ends all of them when the last test is over.
  SHARED.glanceRetypeServers = undefined;
  const { mariadb, postgres } = (await servers) ?? { mariadb: null, postgres: null };
  await Promise.all([mariadb?.stop(), postgres?.stop()]);
}

async function start(): Promise<Servers> {
  if (EXCLUDED_ENGINES.length > 0) {
    process.stderr.write(
      `GLANCE_RETYPE_TEST_ENGINES excludes ${EXCLUDED_ENGINES.join(', ')}: these engines are NOT tested\n`,
    );
  }
  const [mariadb, postgres] = await Promise.all([
    ENGINES.includes('mariadb') ? startMariadb() : null,
    ENGINES.includes('postgres') ? startPostgres() : null,
  ]);
  return { mariadb, postgres };
}
