import { describe, expect, it } from 'vitest';

import type { LogFact } from '../../../src/report/log/log-event.ts';
import { stage } from '../support/log-stage.ts';

const START: LogFact = { event: 'start', version: '1.2.3', host: 'ctl1', node: 'v20.19.0' };
const DATABASE: LogFact = { event: 'database', database: 'db.example/glance', engine: 'MariaDB 10.11.6' };
const INTENT: LogFact = { event: 'intent', lines: ['This will write.', '  And that.'] };
const END: LogFact = {
  event: 'end',
  exit_code: 0,
  meaning: 'done',
  seconds: 61.2,
  rows: 10,
  rows_written: 7,
  undecided: 1,
  result: 'run 3 complete',
  next: 'glance-retype verify',
};

describe('a text log without a terminal', () => {
  it('is understood alone: start, database, run, progress every 30 seconds, end with the next command', () => {
    const { log, progress, advance, taken } = stage();
    log.tell(START);
    advance(1_000);
    log.tell(DATABASE);
    log.tell(INTENT);
    progress({ kind: 'run', id: 3, state: 'goes-on', shard: { shard: 1, of: 4 } });
    progress({ kind: 'phase', phase: 'migrate', total: 1_000_000 });
    progress({ kind: 'progress', done: 100_000 });
    for (let second = 1; second <= 70; second += 1) {
      advance(1_000);
      progress({ kind: 'progress', done: 100_000 + 1_000 * second });
    }
    progress.done();
    log.tell(END);
    expect(taken().split('\n')).toEqual([
      '2026-11-30T12:00:00Z glance-retype 1.2.3 migrate started: process 4711 on ctl1',
      '2026-11-30T12:00:01Z database db.example/glance (MariaDB 10.11.6)',
      'This will write.',
      '  And that.',
      '2026-11-30T12:00:01Z run 3 goes on where it stopped, shard 1/4',
      '2026-11-30T12:00:05Z deciding and writing: 103,000 of 1,000,000 rows, 10.3 %, 1,000 rows/s, 14 min 57 s left',
      '2026-11-30T12:00:35Z deciding and writing: 133,000 of 1,000,000 rows, 13.3 %, 1,000 rows/s, 14 min 27 s left',
      '2026-11-30T12:01:05Z deciding and writing: 163,000 of 1,000,000 rows, 16.3 %, 1,000 rows/s, 13 min 57 s left',
      '2026-11-30T12:01:11Z deciding and writing: 170,000 of 1,000,000 rows, 17.0 %, 1,000 rows/s, 13 min 50 s left',
      '2026-11-30T12:01:11Z migrate ended with exit code 0 (done) after 1 min 02 s: run 3 complete. Next: glance-retype verify',
      '',
    ]);
  });

  it('holds nothing of a command that is short and has nothing to tell', () => {
    const { log, progress, advance, taken } = stage();
    log.tell(START);
    log.tell(DATABASE);
    progress({ kind: 'phase', phase: 'plan', total: 10 });
    advance(4_000);
    progress({ kind: 'progress', done: 10 });
    progress.done();
    log.tell(END);
    expect(taken()).toBe('');
  });

  it('leaves a note before its beginning without a stamp, and stamps it afterwards', () => {
    const { log, progress, taken } = stage();
    log.tell(START);
    progress({ kind: 'note', text: 'one\u001b[2J' });
    progress({ kind: 'retry', attempt: 2, reason: 'deadlock' });
    progress({ kind: 'note', text: 'two' });
    expect(taken()).toBe(
      [
        'one\\x1b[2J',
        '2026-11-30T12:00:00Z glance-retype 1.2.3 migrate started: process 4711 on ctl1',
        '2026-11-30T12:00:00Z retry 2: deadlock',
        '2026-11-30T12:00:00Z two',
        '',
      ].join('\n'),
    );
  });

  it('says what is waited for in each progress line, and no time left, until the work goes on', () => {
    const { progress, advance, taken } = stage({ every: 2_000 });
    progress({ kind: 'phase', phase: 'migrate', total: 100 });
    progress({ kind: 'progress', done: 0 });
    advance(1_000);
    progress({ kind: 'progress', done: 50 });
    const waiting = { kind: 'waiting', reason: 'pause-file', text: 'paused: /p exists' } as const;
    progress({ ...waiting, reading: null, limit: null, ageSeconds: null, waitedSeconds: 0 });
    advance(1_000);
    progress({ kind: 'resumed', waitedSeconds: 1 });
    advance(2_000);
    expect(taken().split('\n')).toEqual([
      '2026-11-30T12:00:01Z paused: /p exists',
      '2026-11-30T12:00:02Z deciding and writing: 50 of 100 rows, 50.0 %, 50 rows/s, paused: /p exists',
      '2026-11-30T12:00:02Z going on after 1 s of waiting',
      '2026-11-30T12:00:04Z deciding and writing: 50 of 100 rows, 50.0 %, 50 rows/s, 1 s left',
      '',
    ]);
  });

  it('answers a question at once, also when it is quiet or has not begun', () => {
    for (const extent of ['quiet', 'usual'] as const) {
      const { log, taken } = stage({ extent });
      log.ask();
      expect(taken()).toBe('2026-11-30T12:00:00Z not reading rows yet\n');
    }
  });

  it('quiet holds errors only; verbose begins at once and has each phase and batch', () => {
    const batch = { kind: 'batch', batch: 7, pass: 1, rows: 2_000, written: 1_200, undecided: 3, milliseconds: 41.26 };
    const told = (extent: 'quiet' | 'usual' | 'verbose'): readonly string[] => {
      const { log, progress, taken } = stage({ extent });
      log.tell(START);
      progress({ kind: 'phase', phase: 'migrate', total: 2_000 });
      progress({ ...batch, kind: 'batch' });
      progress({ kind: 'warning', text: 'look' });
      log.tell({ event: 'error', code: 'INTERNAL', exit_code: 1, title: 'a bug', problems: [], stack: null });
      return taken()
        .split('\n')
        .map((line) => line.replace('2026-11-30T12:00:00Z ', ''));
    };
    const start = 'glance-retype 1.2.3 migrate started: process 4711 on ctl1';
    expect(told('quiet')).toEqual([start, 'INTERNAL: a bug', ''].slice(1));
    expect(told('usual')).toEqual(['look', start, 'INTERNAL: a bug', '']);
    expect(told('verbose')).toEqual([
      start,
      'deciding and writing: 2,000 rows',
      'batch 7: 2,000 rows, 1,200 written, 41 ms',
      'look',
      'INTERNAL: a bug',
      '',
    ]);
  });
});

describe('a log of JSON lines', () => {
  it('has the same keys in front of each event, at once and on a terminal too', () => {
    const { log, progress, advance, written } = stage({ format: 'json', columns: () => 80 });
    log.tell(START);
    progress({ kind: 'run', id: 3, state: 'begins', shard: null });
    progress({ kind: 'phase', phase: 'migrate', total: 300 });
    progress({ kind: 'progress', done: 0 });
    advance(1_500);
    progress({ kind: 'progress', done: 200 });
    progress({ kind: 'note', text: 'a\u2028b\u001b' });
    progress.done();
    const lines = written.map((line) => JSON.parse(line) as Record<string, unknown>);
    const common = { format_version: 1, command: 'migrate', pid: 4711 };
    expect(lines[0]).toEqual({
      ...common,
      time: '2026-11-30T12:00:00.000Z',
      level: 'info',
      run_id: null,
      message: 'glance-retype 1.2.3 migrate started: process 4711 on ctl1',
      ...START,
    });
    expect(lines[1]).toMatchObject({ ...common, event: 'run', run_id: 3, state: 'begins', shard: null });
    expect(lines[2]).toMatchObject({ event: 'note', text: 'a\u2028b\u001b', time: '2026-11-30T12:00:01.500Z' });
    expect(written[2]).toMatch(/^[\u0020-\u007e]*\n$/u);
    expect(lines[3]).toEqual({
      ...common,
      time: '2026-11-30T12:00:01.500Z',
      level: 'info',
      event: 'progress',
      run_id: 3,
      message: 'deciding and writing: 200 of 300 rows, 66.6 %, 133 rows/s',
      occasion: 'phase-end',
      phase: 'migrate',
      done: 200,
      total: 300,
      percent: 66.6,
      rows_per_second: 133.3,
      seconds_left: null,
      images_looked_into: null,
      waiting: null,
      waiting_text: null,
    });
  });

  it.each([
    [0, 'info'],
    [3, 'warning'],
    [4, 'warning'],
    [7, 'warning'],
    [5, 'error'],
    [8, 'error'],
  ] as const)('the end with exit code %d is of level %s', (exit_code, level) => {
    const { log, written } = stage({ format: 'json' });
    log.tell({ ...END, exit_code });
    expect(JSON.parse(written[0] ?? '')).toMatchObject({ event: 'end', exit_code, level });
  });
});
