import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { LONGEST_FIRST, projectOf, testFiles } from '../../config/test-projects.ts';

describe('the project of a test', () => {
  it.each([
    ['test/rules/load.test.ts', ['src/rules/load.ts', 'test/support/images/memory-source.ts'], 'unit'],
    ['test/db/open.test.ts', ['test/support/servers/engines.ts'], 'db'],
    ['test/probe/verdict.test.ts', ['node:child_process'], 'corpus'],
    ['test/scripts/reference.test.ts', ['node:child_process'], 'e2e'],
    ['test/run/compare.test.ts', ['test/support/servers/engines.ts', 'test/support/program/run-cli.ts'], 'e2e'],
    ['test/e2e/pace.test.ts', [], 'e2e'],
  ] as const)('%s with %j is %s', (file, imports, project) => {
    expect(projectOf(file, new Set(imports))).toBe(project);
  });

  it('is found by way of the files that the test imports', () => {
    const files = testFiles();
    expect(files.get('unit')).toContain('test/config/test-projects.test.ts');
    // It reaches a database by way of the steps of a migration.
    expect(files.get('db')).toContain('test/run/migrate/migrate.test.ts');
  });
});

describe('the suites that begin first', () => {
  it('exist', () => {
    const missing = LONGEST_FIRST.filter((file) => !existsSync(new URL(`../../${file}`, import.meta.url)));
    expect(missing).toEqual([]);
  });
});
