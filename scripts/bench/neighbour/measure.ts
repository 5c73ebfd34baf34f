import type { BenchEngine } from '../engine.ts';
import { percentile } from '../figures.ts';
import { besideGlance } from './start-glance.ts';
import { type Beside, prepareSituation, type Situation, SITUATION_NAMES, SITUATIONS } from './situation.ts';

/** Writes a second that the simulated Glance is asked for. */
export const WRITES_A_SECOND = 50;

/** One round of one situation. Milliseconds, from the moment a write was due to the answer to its COMMIT. */
export interface Waits {
  readonly writes: number;
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
  /** Tries again after a deadlock or a lock time-out. */
  readonly retries: number;
  /** How long the situation lasted. */
  readonly seconds: number;
  /** How long the same took without a neighbour; absent where that was not measured. */
  readonly secondsAlone?: number;
}

/** One entry a round. */
export type NeighbourWaits = Readonly<Partial<Record<Situation, readonly Waits[]>>>;

/** Every situation once a round, each on a fresh copy, the order turned by one each time. The users are the same ones every time. */
export async function measureNeighbour(
  engine: BenchEngine,
  repeat: number,
  seed: number,
  onStep: (text: string) => void,
): Promise<NeighbourWaits> {
  const found: Partial<Record<Situation, Waits[]>> = {};
  for (let round = 0; round < repeat; round += 1) {
    for (let index = 0; index < SITUATION_NAMES.length; index += 1) {
      const situation = SITUATION_NAMES[(index + round) % SITUATION_NAMES.length] ?? 'idle';
      const waits = await measureSituation(engine, situation, seed);
      if (waits !== null) (found[situation] ??= []).push(waits);
      onStep(
        `round ${String(round + 1)}: beside ${SITUATIONS[situation]}: ${waits === null ? NONE : waitsText(waits)}`,
      );
    }
  }
  return found;
}

const NONE = 'over before a write was due';

function waitsText({ writes, p50, p99, worst, seconds, secondsAlone }: Waits): string {
  const took = `${seconds.toFixed(1)} s${secondsAlone === undefined ? '' : `, alone ${secondsAlone.toFixed(1)} s`}`;
  return `${String(writes)} writes, ${p50.toFixed(1)} ms, 99 % ${p99.toFixed(1)} ms, worst ${worst.toFixed(0)} ms; ${took}`;
}

async function measureSituation(engine: BenchEngine, situation: Situation, seed: number): Promise<Waits | null> {
  const alone = situation === 'migrate' ? { secondsAlone: await measureAlone(engine, situation) } : {};
  const url = await engine.freshCopy();
  const beside = await prepareSituation(situation, url);
  const { result: seconds, report } = await besideGlance({ url, perSecond: WRITES_A_SECOND, seed }, () =>
    secondsOf(beside),
  );
  return summarise(report.latencies, { retries: report.retries, seconds, ...alone });
}

async function measureAlone(engine: BenchEngine, situation: Situation): Promise<number> {
  return secondsOf(await prepareSituation(situation, await engine.freshCopy()));
}

async function secondsOf(work: Beside): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/**
 * @param latencies milliseconds, in any order
 * @returns null where there are none: nothing is known about such a round
 */
export function summarise(
  latencies: readonly number[],
  rest: Pick<Waits, 'retries' | 'seconds' | 'secondsAlone'>,
): Waits | null {
  if (latencies.length === 0) return null;
  const [p50 = Number.NaN, p99 = Number.NaN, worst = Number.NaN] = [0.5, 0.99, 1].map((share) =>
    percentile(latencies, share),
  );
  return {
    writes: latencies.length,
    p50: rounded(p50),
    p99: rounded(p99),
    worst: rounded(worst),
    retries: rest.retries,
    seconds: rounded(rest.seconds),
    ...(rest.secondsAlone === undefined ? {} : { secondsAlone: rounded(rest.secondsAlone) }),
  };
}

/** Two decimals: more than any of them is good for. */
function rounded(value: number): number {
  return Number(value.toFixed(2));
}
