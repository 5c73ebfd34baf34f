import { defineConfig } from 'vitest/config';

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
    // Two cores and real servers: more files side by side only make them wait for each other.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
