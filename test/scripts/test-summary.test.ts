import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const ROOT = new URL('../..', import.meta.url).pathname;
const folder = mkdtempSync(path.join(tmpdir(), 'retype-summary-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const passedFile = { name: 'a.test.ts', status: 'passed', assertionResults: [{ status: 'passed' }] };

describe('the last line of scripts/test', () => {
  it('counts what passed', () => {
    expect(summarise({ numPassedTests: 3, testResults: [passedFile] }, '0')).toEqual({
      lastLine: '3 passed, 0 failed',
      exit: 0,
    });
  });

  it('counts what failed', () => {
    const file = { name: 'b.test.ts', status: 'failed', assertionResults: [{ status: 'failed' }] };
    expect(summarise({ numPassedTests: 3, numFailedTests: 1, testResults: [file] }, '1')).toEqual({
      lastLine: '3 passed, 1 failed',
      exit: 1,
    });
  });

  it('counts a file that could not be loaded as one failure', () => {
    const file = { name: 'c.test.ts', status: 'failed', assertionResults: [] };
    expect(summarise({ numPassedTests: 3, testResults: [passedFile, file] }, '1')).toEqual({
      lastLine: '3 passed, 1 failed',
      exit: 1,
    });
  });

  it('fails when vitest failed for a reason that no test shows', () => {
    expect(summarise({ numPassedTests: 3, testResults: [passedFile] }, '1')).toEqual({
      lastLine: '3 passed, 1 failed',
      exit: 1,
    });
  });

  it('fails without a report and when nothing ran', () => {
    expect(summarise(null, '0')).toEqual({ lastLine: '0 passed, 0 failed', exit: 1 });
    expect(summarise({}, '0')).toEqual({ lastLine: '0 passed, 0 failed', exit: 1 });
  });
});

function summarise(
  report: object | null,
  vitestExit: string,
): { readonly lastLine: string; readonly exit: number | null } {
  const file = path.join(folder, 'report.json');
  rmSync(file, { force: true });
  const nothing = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };
  if (report !== null) writeFileSync(file, JSON.stringify({ ...nothing, ...report }));
  const run = spawnSync('node_modules/.bin/tsx', ['scripts/test-summary.ts', file, vitestExit], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { lastLine: run.stdout.trim().split('\n').at(-1) ?? '', exit: run.status };
}
