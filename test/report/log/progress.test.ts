import { describe, expect, it } from 'vitest';

import { type Stage, stage } from '../support/log-stage.ts';

const terminal = (columns = 80): Stage => stage({ columns: () => columns });

describe('on a terminal', () => {
  it('one line is rewritten, with share, speed and, once it can be known, the time left', () => {
    const { progress, written, advance } = terminal();
    progress({ kind: 'phase', phase: 'plan', total: 2_000_000 });
    advance(1_000);
    progress({ kind: 'progress', done: 100_000 });
    advance(1_000);
    progress({ kind: 'progress', done: 200_000 });
    advance(18_000);
    progress({ kind: 'progress', done: 2_000_000 });
    progress.done();
    expect(written).toEqual([
      '\rplan  0 / 2,000,000  0.0 %',
      '\rplan  100,000 / 2,000,000  5.0 %',
      '\rplan  200,000 / 2,000,000  10.0 %  100,000 rows/s  18 s left',
      '\rplan  2,000,000 / 2,000,000  100.0 %  100,000 rows/s        ',
      '\rplan  2,000,000 / 2,000,000  100.0 %  100,000 rows/s',
      '\n',
    ]);
  });

  it('no time left is guessed before two seconds or one per cent', () => {
    const early = terminal();
    early.progress({ kind: 'phase', phase: 'migrate', total: 1_000 });
    early.advance(500);
    early.progress({ kind: 'progress', done: 100 });
    early.advance(500);
    early.progress({ kind: 'progress', done: 200 });
    expect(early.written.at(-1)).toBe('\rmigrate  200 / 1,000  20.0 %  200 rows/s');
    const slow = terminal();
    slow.progress({ kind: 'phase', phase: 'migrate', total: 1_000_000 });
    slow.advance(5_000);
    slow.progress({ kind: 'progress', done: 100 });
    slow.advance(5_000);
    slow.progress({ kind: 'progress', done: 200 });
    expect(slow.written.at(-1)).toBe('\rmigrate  200 / 1,000,000  <0.1 %  20 rows/s');
  });

  it('is drawn at most five times a second, and the last state is never lost', () => {
    const { progress, written, advance } = terminal();
    progress({ kind: 'phase', phase: 'plan', total: null });
    for (let done = 1; done <= 1_000; done += 1) {
      advance(1);
      progress({ kind: 'progress', done });
    }
    expect(written).toHaveLength(6);
    progress({ kind: 'progress', done: 1_001 });
    progress.done();
    expect(written.at(-2)).toMatch(/^\rplan {2}1,001 rows {2}1,000 rows\/s$/);
  });

  it('rows of earlier invocations do not count as speed', () => {
    const { progress, written, advance } = terminal();
    progress({ kind: 'phase', phase: 'migrate', total: 1_000_000 });
    advance(1_000);
    progress({ kind: 'progress', done: 900_000 });
    advance(10_000);
    progress({ kind: 'progress', done: 910_000 });
    expect(written.at(-1)).toBe('\rmigrate  910,000 / 1,000,000  91.0 %  1,000 rows/s  1 min 30 s left');
  });

  it('a single slow batch moves the speed only a little', () => {
    const { progress, written, advance } = terminal();
    progress({ kind: 'phase', phase: 'plan', total: null });
    advance(1_000);
    progress({ kind: 'progress', done: 0 });
    advance(10_000);
    progress({ kind: 'progress', done: 10_000 });
    advance(300);
    progress({ kind: 'progress', done: 10_000 });
    // 10,000 rows in 10 s, both by e^(-0.1), and none in 0.3 s.
    expect(written.at(-1)).toBe('\rplan  10,000 rows  968 rows/s  ');
  });

  it('notes and retries stand on lines of their own, harmless, and the line is drawn again below', () => {
    const { progress, written } = terminal();
    progress({ kind: 'phase', phase: 'migrate', total: 10 });
    progress({ kind: 'note', text: 'look \u001b[2J at this' });
    progress({ kind: 'retry', attempt: 2, reason: 'deadlock' });
    const line = 'migrate  0 / 10  0.0 %';
    const clear = `\r${' '.repeat(line.length)}\r`;
    expect(written).toEqual([
      `\r${line}`,
      `${clear}look \\x1b[2J at this\n`,
      `\r${line}`,
      `${clear}retry 2: deadlock\n`,
      `\r${line}`,
    ]);
  });

  it('a new phase leaves the line of the one before', () => {
    const { progress, written } = terminal();
    progress({ kind: 'phase', phase: 'references', total: null });
    progress({ kind: 'phase', phase: 'plan', total: 0 });
    progress.done();
    expect(written.join('')).toBe('\rreferences  0 rows\rreferences  0 rows\n\rplan  0 / 0\rplan  0 / 0\n');
  });

  it('a narrow terminal cuts the line instead of wrapping it', () => {
    const { progress, written } = terminal(12);
    progress({ kind: 'phase', phase: 'references', total: 5_000 });
    expect(written).toEqual(['\rreferences…']);
  });

  it('done without a phase writes nothing', () => {
    const { progress, written } = terminal();
    progress.done();
    expect(written).toEqual([]);
  });

  it('rows that arrived since the count never show more than all', () => {
    const { progress, written, advance } = terminal();
    progress({ kind: 'phase', phase: 'plan', total: 10 });
    advance(300);
    progress({ kind: 'progress', done: 12 });
    expect(written.at(-1)).toBe('\rplan  12 / 10  100.0 %');
  });
});
