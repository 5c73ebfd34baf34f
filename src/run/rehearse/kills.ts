import type { CommandEnd } from './program.ts';
import type { Random } from './random.ts';
import { beginStep, endsWithin, readProgress, runStep, type StepContext, StepFailed, Stopped } from './steps.ts';

/** One kill -9. */
export interface Kill {
  /** What was committed when the process was gone. */
  readonly afterBatches: number;
  readonly afterRows: number;
  /** Since the process was started. */
  readonly milliseconds: number;
}

/** A run that came to its end in spite of its kills. */
interface KilledRun {
  readonly kills: readonly Kill[];
  readonly milliseconds: number | null;
}

export interface Killing {
  readonly words: readonly string[];
  /** How often to kill; at least 1. */
  readonly kills: number;
  readonly random: Random;
  /** An undisturbed run: what it took, and how much it did. */
  readonly rows: number;
  readonly batches: number;
  readonly milliseconds: number;
  /** Takes everything back and expands again, for another run to be killed. */
  readonly anew: () => Promise<void>;
}

const LOOK_MS = 4;

/** A run that ends before it is killed is taken back, so often at most for each kill. */
const RESTARTS = 3;

/**
 * Runs migrate, kills it at random, and runs it again, until it was killed so often; then lets it come to its end. Half
 * of the kills are aimed at a part of the table and fall a random part of a batch after a commit; once a run was
 * quicker than that, kills are aimed at a moment since the start.
 *
 * @returns the kills in their order, fewer than asked for where the run is too quick for the aim; and how long all its
 *   processes were at work, null where the run had to be taken back on the way.
 * @throws StepFailed, Stopped.
 */
export async function migrateWithKills(context: StepContext, killing: Killing): Promise<KilledRun> {
  const { kills: wanted, random, rows, words, anew } = killing;
  const kills: Kill[] = [];
  const targets = Array.from({ length: wanted }, () => random() * rows).toSorted((one, other) => one - other);
  let restarts = 0;
  let atWork = 0;
  while (kills.length < wanted) {
    beginStep(context, 'migrate', `migrate, to be killed: ${kills.length + 1} of ${wanted}`);
    const aim: Aim = restarts === 0 ? { kind: 'rows', least: targets[kills.length] ?? 0 } : { kind: 'time' };
    const { end, by } = await killOnce(context, killing, aim);
    atWork += end.milliseconds;
    if (by === 'kill') {
      kills.push({ ...(await committed(context)), milliseconds: end.milliseconds });
      continue;
    }
    if (end.code !== 0) throw new StepFailed('migrate', end);
    if (restarts >= RESTARTS * wanted) break;
    restarts += 1;
    await anew();
  }
  const last = await runStep(context, 'migrate, to the end', words, [0]);
  return { kills, milliseconds: restarts === 0 ? atWork + last.milliseconds : null };
}

type Aim = { readonly kind: 'rows'; readonly least: number } | { readonly kind: 'time' };

async function killOnce(
  context: StepContext,
  { words, random, batches, milliseconds }: Killing,
  aim: Aim,
): Promise<{ readonly end: CommandEnd; readonly by: 'kill' | 'itself' }> {
  const running = context.start(words);
  const batchMs = milliseconds / Math.max(1, batches);
  const moment = random() * milliseconds;
  const late = random() * batchMs;
  const reached = async (): Promise<boolean> =>
    aim.kind === 'time' ? running.elapsed() >= moment : (await readProgress(context.scratch)).rows > aim.least;
  while (!(await endsWithin(running, LOOK_MS)) && !context.stop.requested() && !(await reached()));
  if (aim.kind === 'rows') await endsWithin(running, late);
  // A rehearsal that is to stop has nothing to lose on the scratch schema.
  running.kill();
  const result = await running.end;
  if (context.stop.requested()) throw new Stopped();
  return { end: result, by: result.code === null ? 'kill' : 'itself' };
}

async function committed({ scratch }: StepContext): Promise<Pick<Kill, 'afterBatches' | 'afterRows'>> {
  const { batches, rows } = await readProgress(scratch);
  return { afterBatches: batches, afterRows: rows };
}
