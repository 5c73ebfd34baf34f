import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

import type { ExitCode } from '../../model/error-codes.ts';
import { RetypeError } from '../../model/error.ts';
import type { Reading } from '../../report/log/meter.ts';
import { lastSuccessIn, metricsText } from '../../report/log/metrics.ts';
import { toolVersion } from './version.ts';

/** The file of --metrics-file while a command works. A failure to write it never ends the work. */
export interface MetricsFile {
  /** Notes the database that is worked on. */
  opened(database: string): void;
  /** Writes where the last writing is so many milliseconds ago. */
  tick(every: number, reading: Reading): void;
  end(reading: Reading, exitCode: ExitCode): void;
}

/** For node_exporter, which runs as another user. */
const READABLE_BY_ALL = 0o644;

/**
 * Makes ready to write. The last success is taken over from what an earlier command left there.
 * @param onFailure is told of the first failure to write.
 */
export function openMetricsFile(file: string, command: string, onFailure: (text: string) => void): MetricsFile {
  const startedAt = secondsNow();
  const before = previous(file);
  let database: string | null = null;
  let writtenAt = Number.NEGATIVE_INFINITY;

  let failures = 0;

  function write(reading: Reading, exitCode: ExitCode | null): void {
    try {
      put(reading, exitCode);
    } catch (error) {
      failures += 1;
      const found = error instanceof Error ? error.message : String(error);
      if (failures === 1) onFailure(`--metrics-file ${file} cannot be written, the work goes on: ${found}`);
    }
  }

  function put(reading: Reading, exitCode: ExitCode | null): void {
    writtenAt = performance.now();
    const now = secondsNow();
    const lastSuccess = exitCode === 0 ? now : before;
    const identity = { command, version: toolVersion(), host: hostname(), pid: process.pid, database };
    replace(file, metricsText({ ...identity, reading, startedAt, now, exitCode, lastSuccess }));
  }

  return {
    opened(label) {
      database = label;
    },
    tick(every, reading) {
      if (performance.now() - writtenAt >= every) write(reading, null);
    },
    end: write,
  };
}

/** Tries the directory of the file before any work begins. @throws RetypeError OUTPUT_FILE. */
export function checkMetricsFile(file: string): void {
  try {
    const temporary = temporaryBeside(file);
    writeFileSync(temporary, '', { flag: 'wx' });
    rmSync(temporary);
  } catch (error) {
    throw new RetypeError('OUTPUT_FILE', {
      place: `--metrics-file ${file}`,
      expected: 'a directory in which a file can be made',
      found: error instanceof Error ? error.message : String(error),
      advice: 'name another file, or give this user the right to write there',
    });
  }
}

function previous(file: string): number | null {
  try {
    return lastSuccessIn(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** A reader finds the old text or the new one, never a part: both names are in one directory. */
function replace(file: string, text: string): void {
  const temporary = temporaryBeside(file);
  try {
    writeFileSync(temporary, text, { flag: 'wx', mode: READABLE_BY_ALL });
    // The umask of root is often 077.
    chmodSync(temporary, READABLE_BY_ALL);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Its name does not end with .prom, so that no collector reads it. */
function temporaryBeside(file: string): string {
  return join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
}

function secondsNow(): number {
  return Math.round(Date.now() / 1000);
}
