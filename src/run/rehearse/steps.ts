import { setTimeout as sleep } from 'node:timers/promises';

import type { Database } from '../../db/database.ts';
import { BATCHES_TABLE } from '../../journal/tables.ts';
import type { EventListener, Phase } from '../../model/event.ts';
import type { StopRequest } from '../context/stop.ts';
import type { CommandEnd, RunningCommand, StartCommand } from './program.ts';

/** What the steps of a rehearsal have in common. */
export interface StepContext {
  readonly scratch: Database;
  readonly start: StartCommand;
  readonly onEvent: EventListener;
  readonly stop: StopRequest;
}

/** A command that ended in a way that no check is about: the rehearsal cannot go on. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
  readonly command: string;
  readonly end: CommandEnd;

  constructor(command: string, end: CommandEnd) {
    super(`${command} ended with ${end.code === null ? 'a signal' : `exit code ${end.code}`}`);
    this.command = command;
    this.end = end;
  }
}

/** A signal has ended the rehearsal. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** How far a run on the scratch schema has come. */
export interface RunProgress {
  readonly batches: number;
  /** Of the first pass. */
  readonly rows: number;
}

/** Nothing while the tool's tables are not there. */
export async function readProgress(scratch: Database): Promise<RunProgress> {
  const [row] = await scratch.query(
    `SELECT COUNT(*) AS batches, SUM(CASE WHEN pass = 1 THEN rows_read ELSE 0 END) AS done FROM ${BATCHES_TABLE}`,
  );
  return { batches: Number(row?.['batches'] ?? 0), rows: Number(row?.['done'] ?? 0) };
}

const LOOK_MS = 300;

/**
 * Runs one command to its end, and passes a stop request on to it.
 *
 * @param title what the operator reads.
 * @param expected exit codes with which the rehearsal goes on.
 * @throws StepFailed, Stopped.
 */
export async function runStep(
  context: StepContext,
  title: string,
  words: readonly string[],
  expected: readonly number[],
): Promise<CommandEnd> {
  beginStep(context, PHASES[words[0] ?? ''] ?? 'read', title);
  const end = await watched(context, context.start(words));
  if (end.code === null || !expected.includes(end.code)) throw new StepFailed(words[0] ?? '', end);
  return end;
}

/** Says what comes now. The command itself tells how much there is to do. @throws Stopped. */
export function beginStep({ onEvent, stop }: Pick<StepContext, 'onEvent' | 'stop'>, phase: Phase, title: string): void {
  if (stop.requested()) throw new Stopped();
  onEvent({ kind: 'note', text: title });
  onEvent({ kind: 'phase', phase, total: null });
}

/** What a command does for most of its time. */
const PHASES: Readonly<Record<string, Phase>> = { migrate: 'migrate', verify: 'verify', rollback: 'rollback' };

/** Waits for a command, but not for longer. @returns whether it has ended. */
export async function endsWithin({ end }: RunningCommand, milliseconds: number): Promise<boolean> {
  return Promise.race([end.then(() => true), sleep(milliseconds, false)]);
}

/** Waits for a command's end. @throws Stopped where a signal asked for it. */
async function watched({ stop }: Pick<StepContext, 'stop'>, running: RunningCommand): Promise<CommandEnd> {
  let asked = false;
  while (!(await endsWithin(running, LOOK_MS))) {
    if (stop.requested() && !asked) {
      asked = true;
      running.stop();
    }
  }
  if (stop.requested()) throw new Stopped();
  return running.end;
}
