/**
 * Turns vitest's JSON report into the names of the failed tests and the plain last line "N passed, N failed"; exits
 * with 1 unless something passed and nothing failed. `.ci/run` prints the names again at its end, where a shortened log
 * still shows them.
 *   tsx scripts/test-summary.ts REPORT VITEST_EXIT_CODE
 */
import { readFileSync } from 'node:fs';

/** The part of vitest's JSON report (version 4) that is read. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

const NO_REPORT: Report = {
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
};

/** Characters of a failure's first line that are printed. */
const LONGEST_REASON = 500;

const [reportFile = '', vitestExit = '1'] = process.argv.slice(2);
const report = readReport(reportFile);
let failed = report.numFailedTests;

// A file that cannot even be loaded has no failed test in it, and must not pass for that.
for (const file of report.testResults) {
  for (const test of file.assertionResults) {
    if (test.status !== 'failed') continue;
    const [reason = 'no reason given'] = (test.failureMessages?.[0] ?? '').split('\n');
    print(`failed: ${file.name}: ${test.fullName}: ${reason.slice(0, LONGEST_REASON)}`);
  }
  if (file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')) {
    print(`failed as a whole: ${file.name}`);
    failed += 1;
  }
}
if (failed === 0 && vitestExit !== '0') {
  print(`vitest ended with exit code ${vitestExit} although no test failed (see above)`);
  failed = 1;
}
const skipped = report.numPendingTests + report.numTodoTests;
if (skipped > 0) print(`${String(skipped)} skipped`);
print(`${String(report.numPassedTests)} passed, ${String(failed)} failed`);
process.exitCode = failed === 0 && report.numPassedTests > 0 ? 0 : 1;

function readReport(file: string): Report {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    print('vitest wrote no report');
    return NO_REPORT;
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
