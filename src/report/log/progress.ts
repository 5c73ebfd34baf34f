import type { RunEvent } from '../../model/event.ts';
import { countText, durationText, percentText } from '../words/number-text.ts';
import { safeText } from '../words/safe-text.ts';
import { cutText, textWidth } from '../words/text-width.ts';
import { createMeter, type Reading } from './meter.ts';

export interface ProgressOptions {
  /** Standard error, usually: standard output belongs to the report. */
  readonly sink: { write(text: string): void };
  /** Columns of the terminal, asked at every drawing because a window can change. */
  readonly columns: () => number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** The line that is rewritten on a terminal. */
export interface Progress {
  note(event: RunEvent): void;
  /** Writes a line above it. Several lines, where the text has line ends. */
  say(text: string): void;
  /** Draws it again where no event came for a second. */
  tick(): void;
  /** Keeps the last state and moves the cursor below it. */
  done(): void;
}

/** Milliseconds between two drawings: five a second. */
const INTERVAL = 200;
const REDRAW_AFTER = 1_000;
/** See `createRate`: a line that is seen all the time may follow quickly. */
const MEMORY = 3_000;

export function createProgress({ sink, columns, now }: ProgressOptions): Progress {
  const meter = createMeter(now, MEMORY);
  let shown: 'shown' | 'hidden' = 'hidden';
  let drawn = '';
  let drawnAt = Number.NEGATIVE_INFINITY;

  function draw(): void {
    if (shown === 'hidden') return;
    // The last column stays free: a terminal that wraps there would leave a line behind at every drawing.
    const line = cutText(progressText(meter.reading()), columns() - 1);
    sink.write(`\r${line}${' '.repeat(Math.max(0, textWidth(drawn) - textWidth(line)))}`);
    drawn = line;
    drawnAt = now();
  }

  function finish(): void {
    draw();
    if (drawn !== '') sink.write('\n');
    drawn = '';
    shown = 'hidden';
  }

  return {
    note(event) {
      if (event.kind === 'phase') finish();
      meter.note(event);
      if (event.kind === 'phase') shown = 'shown';
      else if (event.kind !== 'progress' && event.kind !== 'probe') return;
      else if (now() - drawnAt < INTERVAL) return;
      draw();
    },
    say(text) {
      const clear = drawn === '' ? '' : `\r${' '.repeat(textWidth(drawn))}\r`;
      drawn = '';
      sink.write(`${clear}${text.split('\n').map(safeText).join('\n')}\n`);
      draw();
    },
    tick() {
      if (now() - drawnAt >= REDRAW_AFTER) draw();
    },
    done: finish,
  };
}

function progressText(reading: Reading): string {
  const { phase, total, done, rowsPerSecond, secondsLeft, looked, looksPerSecond, waiting } = reading;
  const parts = [
    phase ?? '',
    total === null ? `${countText(done)} rows` : `${countText(done)} / ${countText(total)}`,
    total === null || total === 0 ? '' : percentText(Math.min(done, total), total),
    perSecondText(rowsPerSecond, 'rows/s'),
    secondsLeft === null ? '' : `${durationText(secondsLeft * 1000)} left`,
    looked === null ? '' : `${countText(looked)} looked into`,
    looked === null ? '' : perSecondText(looksPerSecond, 'images/s'),
    waiting === null ? '' : safeText(waiting.text),
  ];
  return parts.filter((part) => part !== '').join('  ');
}

function perSecondText(perSecond: number | null, unit: string): string {
  return perSecond === null ? '' : `${countText(Math.round(perSecond))} ${unit}`;
}
