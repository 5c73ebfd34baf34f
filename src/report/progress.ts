import type { EventListener, Phase, RunEvent } from '../model/event.ts';
import { countText, durationText, percentText } from './words/number-text.ts';
import { safeText } from './words/safe-text.ts';
import { cutText, textWidth } from './words/text-width.ts';

export interface ProgressOptions {
  /** Standard error, usually: standard output belongs to the report. */
  readonly sink: { write(text: string): void };
  /** Columns of the terminal, asked at every drawing because a window can change. */
  readonly columns: () => number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** `pipe` prints notes and retries only. */
  readonly interactive: 'terminal' | 'pipe';
}

/** Renders events; `done` keeps the last line and moves the cursor below it. */
export type Progress = EventListener & { done(): void };

/** Milliseconds between two drawings: five a second. */
const INTERVAL = 200;
/** The time left is a guess until this much time has passed and this share is done. */
const GUESS_AFTER = 2_000;
const GUESS_SHARE = 0.01;

interface RunningPhase {
  readonly phase: Phase;
  readonly total: number | null;
  readonly began: number;
  readonly rate: Rate;
  done: number;
  readonly looks: Rate;
  /** Images looked into since the command began; null where none was. */
  looked: number | null;
}

export function createProgress({ sink, columns, now, interactive }: ProgressOptions): Progress {
  let running: RunningPhase | null = null;
  let drawn = '';
  let drawnAt = Number.NEGATIVE_INFINITY;

  function draw(): void {
    if (interactive === 'pipe' || running === null) return;
    // The last column stays free: a terminal that wraps there would leave a line behind at every drawing.
    const line = cutText(progressText(running, now()), columns() - 1);
    sink.write(`\r${line}${' '.repeat(Math.max(0, textWidth(drawn) - textWidth(line)))}`);
    drawn = line;
    drawnAt = now();
  }

  function say(text: string): void {
    const clear = drawn === '' ? '' : `\r${' '.repeat(textWidth(drawn))}\r`;
    drawn = '';
    sink.write(`${clear}${safeText(text)}\n`);
    draw();
  }

  function finish(): void {
    draw();
    if (drawn !== '') sink.write('\n');
    drawn = '';
    running = null;
  }

  function listen(event: RunEvent): void {
    switch (event.kind) {
      case 'phase':
        finish();
        running = {
          phase: event.phase,
          total: event.total,
          began: now(),
          rate: createRate(),
          done: 0,
          looks: createRate(),
          looked: null,
        };
        draw();
        return;
      case 'progress':
      case 'probe': {
        if (running === null) return;
        const [rate, done] = event.kind === 'probe' ? [running.looks, event.images] : [running.rate, event.done];
        if (event.kind === 'probe') running.looked = event.images;
        else running.done = event.done;
        if (now() - drawnAt < INTERVAL) return;
        rate.at(done, now());
        draw();
        return;
      }
      case 'retry':
        say(`retry ${event.attempt}: ${event.reason}`);
        return;
      case 'waiting':
      case 'stopping':
      case 'note':
        say(event.text);
        return;
      case 'resumed':
        say(`going on after ${durationText(event.waitedSeconds * 1000)}`);
        return;
    }
  }

  return Object.assign(listen, { done: finish });
}

function progressText({ phase, total, began, rate, done, looks, looked }: RunningPhase, now: number): string {
  const perSecond = rate.perSecond();
  const parts = [
    phase,
    total === null ? `${countText(done)} rows` : `${countText(done)} / ${countText(total)}`,
    total === null || total === 0 ? '' : percentText(Math.min(done, total), total),
    perSecondText(perSecond, 'rows/s'),
    timeLeft(total, done, perSecond, now - began),
    looked === null ? '' : `${countText(looked)} looked into`,
    looked === null ? '' : perSecondText(looks.perSecond(), 'images/s'),
  ];
  return parts.filter((part) => part !== '').join('  ');
}

function perSecondText(perSecond: number | null, unit: string): string {
  return perSecond === null ? '' : `${countText(Math.round(perSecond))} ${unit}`;
}

function timeLeft(total: number | null, done: number, perSecond: number | null, elapsed: number): string {
  if (total === null || perSecond === null || perSecond <= 0 || done >= total) return '';
  if (elapsed < GUESS_AFTER || done < total * GUESS_SHARE) return '';
  return `${durationText(((total - done) * 1000) / perSecond)} left`;
}

/** How fast rows go by, smoothed so that one slow batch does not make the time left jump. */
interface Rate {
  /** Takes a reading: rows dealt with at a moment in milliseconds. */
  at(done: number, now: number): void;
  /** Rows a second; null before two readings. */
  perSecond(): number | null;
}

/** Readings older than this, in milliseconds, have lost two thirds of their weight. */
const MEMORY = 3_000;

/** The first reading only sets the mark: the rows of earlier invocations took no time in this one. */
function createRate(): Rate {
  let mark: { readonly done: number; readonly now: number } | null = null;
  let rate: number | null = null;
  return {
    at(done, now) {
      if (mark !== null && now <= mark.now) return;
      if (mark !== null) {
        const elapsed = now - mark.now;
        const latest = ((done - mark.done) * 1000) / elapsed;
        const weight = 1 - Math.exp(-elapsed / MEMORY);
        rate = rate === null ? latest : rate + weight * (latest - rate);
      }
      mark = { done, now };
    },
    perSecond: () => rate,
  };
}
