import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

import { createMeter } from '../../src/report/log/meter.ts';
import { metricsText } from '../../src/report/log/metrics.ts';

const root = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
const PAGE = root('docs/watching.md');

it('every event of the log is in the table with all of its keys', () => {
  // Each member of the union names its event, and its keys stand until the next one.
  const [, ...facts] = root('src/report/log/log-event.ts').split(/readonly event: /u);
  expect(facts.length).toBeGreaterThan(15);
  const progress = /interface ProgressFact \{([^}]*)\}/u.exec(root('src/report/log/log-event.ts'))?.[1] ?? '';
  for (const fact of facts) {
    const event = /^'(\w+)'/u.exec(fact)?.[1] ?? '';
    const row = PAGE.split('\n').find((line) => line.startsWith('|') && line.split('|')[1]?.includes(`\`${event}\``));
    const own = fact.slice(0, fact.indexOf('}')) + (event === 'progress' ? progress : '');
    const keys = Array.from(own.matchAll(/readonly (\w+):/gu), ([, key = '']) => key);
    for (const key of keys) expect([event, row]).toEqual([event, expect.stringContaining(`\`${key}\``)]);
  }
});

it('every metric is in the table', () => {
  const waiting = { reason: 'replica-lag', text: '', reading: 1, limit: 1 } as const;
  const known = { total: 2, rowsPerSecond: 1, secondsLeft: 1, waiting };
  const state = { command: 'plan', version: '', host: '', pid: 1, database: '', startedAt: 0, now: 0, lastSuccess: 0 };
  const reading = { ...createMeter(() => 0, 1).reading(), ...known };
  const texts = [null, 0 as const].map((exitCode) => metricsText({ ...state, reading, exitCode }));
  const names = new Set(Array.from(texts.join('').matchAll(/^# TYPE (\S+)/gmu), ([, name = '']) => name));
  expect(names.size).toBe(20);
  for (const name of names) expect(PAGE).toContain(`\`${name}\``);
});
