import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

import { ENGINES } from '../test/support/engine-names.ts';
import { isLeftOut } from '../test/support/left-out.ts';

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

/** Suites that wait most of their time, for servers and processes that stand still. They begin first, so that the others fill their pauses. */
const MOSTLY_WAITING = ['frozen-runner', 'frozen-runner-galera', 'galera', 'lost-server', 'crash-points'].map(
  (name) => `/test/e2e/${name}.test.ts`,
);

class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    const waiting = others.filter(({ moduleId }) => MOSTLY_WAITING.some((name) => moduleId.endsWith(name)));
    return [...waiting, ...others.filter((file) => !waiting.includes(file))];
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
    globalSetup: ['test/support/global-setup.ts'],
    // Two cores and real servers: two more than cores, because some suites wait for most of their time.
    maxWorkers: 4,
    sequence: { sequencer: WaitingFirst },
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
