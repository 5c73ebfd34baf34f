import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

import { ENGINES } from '../test/support/servers/engine-names.ts';
import { isLeftOut } from '../test/support/servers/left-out.ts';
import { LONGEST_FIRST, PROJECTS, testFiles } from './test-projects.ts';

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
            { isolate: false, pool: 'threads' as const, setupFiles: ['test/support/unit-guard.ts'] }
          : name === 'corpus'
            ? {}
            : { globalSetup: ['test/support/servers/global-setup.ts'] }),
      },
    })),
  },
});
