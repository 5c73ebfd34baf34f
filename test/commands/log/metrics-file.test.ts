import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

import { checkMetricsFile, openMetricsFile } from '../../../src/commands/log/metrics-file.ts';
import { RetypeError } from '../../../src/model/error.ts';
import { createMeter } from '../../../src/report/log/meter.ts';

const READING = createMeter(() => 0, 1).reading();
const place = (): string => mkdtempSync(join(tmpdir(), 'glance-retype-metrics-'));
const never = (text: string): void => {
  throw new Error(text);
};

it('is written at once and then once an interval, for all to read, with nothing left beside it', () => {
  const directory = place();
  const file = join(directory, 'plan.prom');
  const metrics = openMetricsFile(file, 'plan', never);
  metrics.opened('db/glance');
  metrics.tick(3_600_000, READING);
  expect([readdirSync(directory), statSync(file).mode & 0o777]).toEqual([['plan.prom'], 0o644]);
  expect(readFileSync(file, 'utf8')).toContain('database="db/glance"');
});

it('is not written again within the interval', () => {
  const file = join(place(), 'plan.prom');
  const metrics = openMetricsFile(file, 'plan', never);
  metrics.tick(3_600_000, READING);
  rmSync(file);
  metrics.tick(3_600_000, READING);
  expect(existsSync(file)).toBe(false);
  metrics.tick(0, READING);
  expect(existsSync(file)).toBe(true);
});

it('keeps the last success through a failure, and replaces it by the next one', () => {
  const file = join(place(), 'plan.prom');
  const successes = (): readonly string[] =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('glance_retype_last_success'));
  openMetricsFile(file, 'plan', never).end(READING, 8);
  expect(successes()).toEqual([]);
  writeFileSync(file, 'glance_retype_last_success_timestamp_seconds{command="plan"} 77\n');
  openMetricsFile(file, 'plan', never).end(READING, 8);
  expect(successes()).toEqual(['glance_retype_last_success_timestamp_seconds{command="plan"} 77']);
  openMetricsFile(file, 'plan', never).end(READING, 0);
  expect(Number(successes()[0]?.split(' ')[1])).toBeGreaterThan(1_700_000_000);
});

it('a directory that is not there is refused before any work, and one that goes away is told of once', () => {
  const directory = join(place(), 'gone');
  const file = join(directory, 'plan.prom');
  const refused = (): void => checkMetricsFile(file);
  expect(refused).toThrow(RetypeError);
  expect(refused).toThrow(/^OUTPUT_FILE: [^]*--metrics-file [^]*ENOENT/u);
  mkdirSync(directory);
  checkMetricsFile(file);
  expect(readdirSync(directory)).toEqual([]);
  rmSync(directory, { recursive: true });
  const told: string[] = [];
  const metrics = openMetricsFile(file, 'plan', (text) => told.push(text));
  metrics.tick(0, READING);
  metrics.end(READING, 0);
  expect(told).toEqual([expect.stringMatching(/^--metrics-file .* cannot be written, the work goes on: ENOENT/u)]);
});
