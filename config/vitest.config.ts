import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

import { ENGINES } from '../test/support/servers/engine-names.ts';
import { isLeftOut } from '../test/support/servers/left-out.ts';

/** Suites whose images are made by Debian's tools; left out only where the person said so (`scripts/test --without corpus`). */
const NEEDS_IMAGE_TOOLS = [
  'test/probe/contents/**',
  'test/probe/containers/**',
  'test/probe/fuzz-*.test.ts',
  'test/probe/{envelopes,expand,verdict}.test.ts',
  'test/e2e/probe.test.ts',
];

/** Suites that run in Debian's Chromium (`scripts/test --without browser`). */
const NEEDS_BROWSER = ['test/e2e/html-report.test.ts'];

/** Suites that start a cluster of three MariaDB servers (`scripts/test --without galera`, or without mariadb). */
const NEEDS_GALERA = ['test/e2e/galera.test.ts', 'test/e2e/frozen-runner-galera.test.ts'];

/** Suites that start poolers before PostgreSQL (`scripts/test --without poolers`, or without postgres). */
const NEEDS_POOLERS = ['test/e2e/poolers.test.ts'];

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
].map((name) => `/test/${name}.test.ts`);

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

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    exclude: [
      ...(isLeftOut('corpus') ? NEEDS_IMAGE_TOOLS : []),
      ...(isLeftOut('browser') ? NEEDS_BROWSER : []),
      ...(isLeftOut('poolers') || !ENGINES.includes('postgres') ? NEEDS_POOLERS : []),
      ...(isLeftOut('galera') || !ENGINES.includes('mariadb') ? NEEDS_GALERA : []),
    ],
    // Database servers, started once a run.
    globalSetup: ['test/support/servers/global-setup.ts'],
    // Two cores and real servers: two more than cores, because some suites wait for most of their time.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    // Ends what hangs, and nothing else: a loaded machine takes several times as long as a free one.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
