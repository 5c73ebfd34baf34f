import { addBaselineColumns, BASELINES } from '../baseline.ts';
import { inDatabase } from '../engine.ts';
import { runProduct } from '../product.ts';
import { runRowByRow } from '../row-by-row.ts';

/** What goes on beside a live Glance, in the order of the tables. */
export const SITUATIONS = {
  idle: 'nothing',
  migrate: 'migrate, standard settings',
  brake: 'migrate, --max-latency 20',
  'update-all': 'one UPDATE, whole table',
  'rows-50': 'one UPDATE a row, COMMIT every 50',
} as const;

export type Situation = keyof typeof SITUATIONS;

export const SITUATION_NAMES = Object.keys(SITUATIONS) as readonly Situation[];

/** Those that go over all rows, however long that takes: what they do in a second is worth a figure. */
export const WHOLE_TABLE: ReadonlySet<Situation> = new Set<Situation>(['migrate', 'brake', 'update-all']);

/** Long enough for a thousand writes. */
const IDLE_SECONDS = 20;
/** The loop goes on in the same way to its end, which no benchmark waits for. */
const LOOP_SECONDS = 20;

/** What is to be done beside Glance. */
export type Beside = () => Promise<void>;

/** Does on a fresh copy what comes before, such as `expand`. @returns what is to be measured. */
export async function prepareSituation(situation: Situation, url: string): Promise<Beside> {
  if (situation === 'idle') return () => new Promise((resolve) => setTimeout(resolve, IDLE_SECONDS * 1000));
  if (situation === 'migrate' || situation === 'brake') {
    await runProduct(url, 'expand', '--yes');
    const options = situation === 'brake' ? ['--max-latency', '20'] : [];
    return async () => void (await runProduct(url, 'migrate', '--yes', ...options));
  }
  await inDatabase(url, addBaselineColumns);
  return () =>
    inDatabase(url, async (database) => {
      if (situation === 'update-all') await database.execute(BASELINES['update-all']);
      else await runRowByRow(database, { commitEvery: 50, rows: Number.POSITIVE_INFINITY, seconds: LOOP_SECONDS });
    });
}
