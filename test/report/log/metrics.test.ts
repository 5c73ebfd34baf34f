import { describe, expect, it } from 'vitest';

import { createMeter, type Reading } from '../../../src/report/log/meter.ts';
import { lastSuccessIn, type MetricsState, metricsText } from '../../../src/report/log/metrics.ts';

const NOTHING: Reading = createMeter(() => 0, 1).reading();

function state(change: Partial<MetricsState> = {}, reading: Partial<Reading> = {}): MetricsState {
  return {
    command: 'migrate',
    version: '1.2.3',
    host: 'ctl1',
    pid: 4711,
    database: 'db/glance',
    startedAt: 1_000,
    now: 1_060,
    exitCode: null,
    lastSuccess: null,
    ...change,
    reading: { ...NOTHING, ...reading },
  };
}

/** The samples by their text, without the lines about them. */
function samples(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

const NAME = /^glance_retype_[a-z_]+$/u;
const SAMPLE =
  /^(glance_retype_[a-z_]+)\{((?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*)\} (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/u;

/** Checks a text against the exposition format 0.0.4: one HELP and one TYPE before the samples of each name. */
function expectExposition(text: string): void {
  expect(text.endsWith('\n')).toBe(true);
  const seen = new Set<string>();
  const series = new Set<string>();
  let current = '';
  let expected: 'help' | 'type' | 'sample' = 'help';
  for (const line of text.slice(0, -1).split('\n')) {
    const [hash, kind, name = '', word] = line.split(' ');
    if (hash === '#' && kind === 'HELP') {
      expect([expected === 'type', seen.has(name), NAME.test(name)]).toEqual([false, false, true]);
      seen.add(name);
      current = name;
      expected = 'type';
    } else if (hash === '#') {
      expect([expected, kind, name]).toEqual(['type', 'TYPE', current]);
      expect(word).toBe(current.endsWith('_total') ? 'counter' : 'gauge');
      expected = 'sample';
    } else {
      const [, sampled, labels] = SAMPLE.exec(line) ?? [line];
      expect([expected, sampled]).toEqual(['sample', current]);
      expect(series.has(`${current}{${labels}}`)).toBe(false);
      series.add(`${current}{${labels}}`);
    }
  }
}

describe('metrics', () => {
  it('of a run in its middle', () => {
    const text = metricsText(
      state(
        {},
        { phase: 'migrate', total: 300, done: 200, rowsPerSecond: 12.5, secondsLeft: 8, run: 3, rowsRead: 150 },
      ),
    );
    expectExposition(text);
    const found = samples(text);
    for (const line of [
      'glance_retype_info{command="migrate",run="3",version="1.2.3",host="ctl1",pid="4711",database="db/glance"} 1',
      'glance_retype_running{command="migrate"} 1',
      'glance_retype_start_timestamp_seconds{command="migrate"} 1000',
      'glance_retype_update_timestamp_seconds{command="migrate"} 1060',
      'glance_retype_rows_read_total{command="migrate",run="3"} 150',
      'glance_retype_phase_rows{command="migrate",run="3"} 300',
      'glance_retype_phase_rows_done{command="migrate",run="3"} 200',
      'glance_retype_progress_percent{command="migrate",run="3"} 66.6',
      'glance_retype_rows_per_second{command="migrate",run="3"} 12.5',
      'glance_retype_seconds_left{command="migrate",run="3"} 8',
      'glance_retype_waiting{command="migrate",run="3",reason="replica-lag"} 0',
    ])
      expect(found).toContain(line);
    expect(text).not.toMatch(/exit_code|last_success|wait_reading/u);
  });

  it('of a run that ended: its exit code without the run, so that an alert finds the series again', () => {
    const shard = { shard: 1, of: 4 };
    const text = metricsText(
      state({ exitCode: 3, lastSuccess: 77 }, { run: 3, shard, rowsPerSecond: 12.5, secondsLeft: 8 }),
    );
    expectExposition(text);
    expect(samples(text)).toContain('glance_retype_exit_code{command="migrate",shard="1/4"} 3');
    expect(samples(text)).toContain('glance_retype_running{command="migrate",shard="1/4"} 0');
    expect(text).not.toMatch(/rows_per_second|seconds_left/u);
    expect(lastSuccessIn(text)).toBe(77);
  });

  it('of a throttle: what is waited for, the reading and its limit', () => {
    const waiting = { reason: 'replica-lag', text: 'replica db2 is 12.5 s behind', reading: 12.5, limit: 10 } as const;
    const text = metricsText(state({}, { waiting, secondsWaited: 4.25 }));
    expectExposition(text);
    for (const line of [
      'glance_retype_waiting{command="migrate",reason="replica-lag"} 1',
      'glance_retype_waiting{command="migrate",reason="pause-file"} 0',
      'glance_retype_waiting_seconds_total{command="migrate"} 4.25',
      'glance_retype_wait_reading{command="migrate",reason="replica-lag"} 12.5',
      'glance_retype_wait_limit{command="migrate",reason="replica-lag"} 10',
    ])
      expect(samples(text)).toContain(line);
  });

  it('keep the format where a label holds a quote, a backslash or a line feed', () => {
    const text = metricsText(state({ database: 'a"b\\c\nd' }));
    expectExposition(text);
    expect(text).toContain('database="a\\"b\\\\c\\nd"');
  });
});

it.each(['', 'glance_retype_last_success_timestamp_seconds{command="plan"} x\n', 'node_load1 0.5\n'])(
  'there is no last success in %j',
  (text) => {
    expect(lastSuccessIn(text)).toBeNull();
  },
);
