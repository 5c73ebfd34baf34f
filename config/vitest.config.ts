import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

import { ENGINES } from '../test/support/servers/engine-names.ts';
import { isLeftOut } from '../test/support/servers/left-out.ts';
import { PROJECTS, testFiles } from './test-projects.ts';

const ROOT = new URL('..', import.meta.url).pathname;

/** Suites that need more than a project does, and the word of `scripts/test --without` that leaves them out. */
const LEFT_OUT = [
  ...(isLeftOut('browser') ? ['test/e2e/html-report.test.ts'] : []),
  // They stand before PostgreSQL.
  ...(isLeftOut('poolers') || !ENGINES.includes('postgres') ? ['test/e2e/poolers.test.ts'] : []),
  // Its three nodes are MariaDB servers.
  ...(isLeftOut('galera') || !ENGINES.includes('mariadb')
    ? ['test/e2e/galera.test.ts', 'test/e2e/frozen-runner-galera.test.ts']
    : []),
];

/**
 * Suites that take longest, in the order in which they begin; the others follow. A run ends soonest when no long one
 * begins late, and when two that mostly wait (for servers and processes that stand still) are under way beside two that
 * compute.
 */
const LONGEST_FIRST = [
  'e2e/frozen-runner',
  'e2e/frozen-runner-galera',
  'e2e/kill',
  'e2e/crash-points',
  'e2e/galera',
  'commands/interrupted-schema',
  'e2e/lost-server',
  'run/tampering',
  'commands/odd-settings',
  'e2e/pace',
  'e2e/main-job',
  'commands/privileges',
  'e2e/explain',
  'e2e/real-glance-api',
  'run/shards',
  'run/compare-nodes',
  'run/model-based',
  'run/rollback-shards',
  'run/records-clean',
  'probe/fuzz-fields',
  'probe/fuzz-random',
  'e2e/few-connections',
  'e2e/poolers',
  'run/resume',
  'run/main-job',
].map((name) => `test/${name}.test.ts`);

for (const file of LONGEST_FIRST) {
  if (!existsSync(`${ROOT}${file}`)) throw new Error(`config/vitest.config.ts: ${file} does not exist`);
}

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    const place = ({ moduleId }: TestSpecification): number => {
      const found = LONGEST_FIRST.findIndex((name) => moduleId.endsWith(name));
      return found === -1 ? LONGEST_FIRST.length : found;
    };
    return others.toSorted((one, other) => place(one) - place(other));
  }
}

const FILES = testFiles();

export default defineConfig({
  test: {
    root: ROOT,
    globalSetup: ['test/support/servers/temporary-directory.ts'],
    // Two cores and real servers: two more than cores, because some suites wait for most of their time.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    projects: PROJECTS.filter((name) => name !== 'corpus' || !isLeftOut('corpus')).map((name) => ({
      test: {
        name,
        root: ROOT,
        include: [...(FILES.get(name) ?? [])],
        exclude: LEFT_OUT,
        // Ends what hangs, and nothing else: a loaded machine takes several times as long as a free one.
        testTimeout: 600_000,
        hookTimeout: 600_000,
        ...(name === 'unit'
          ? // Loading the modules anew for each file would take longer than the tests.
            { isolate: false, setupFiles: ['test/support/unit-guard.ts'] }
          : name === 'corpus'
            ? {}
            : { globalSetup: ['test/support/servers/global-setup.ts'] }),
      },
    })),
  },
});
