/**
 * A simulated Glance in a process of its own: writes come at a steady rate whether or not those before them are done, over few
 * connections, and each is timed from the moment it was due. Started by fork(), see `messages.ts`.
 */
import pLimit from 'p-limit';
import { parseDatabaseUrl } from '../../../src/db/connection/url.ts';
import { openDatabase } from '../../../src/db/engines/open.ts';
import { Random } from '../../fixtures/cloud/random.ts';
import { type Arrival, arrivals } from './arrivals.ts';
import { glanceWrite, sampleLiveImages } from './glance-writes.ts';
import type { NeighbourTask, Order, Word } from './messages.ts';

/** oslo.db's max_pool_size, what a worker keeps open; its overflow for bursts is left out. */
const CONNECTIONS = 5;
/** glance/db/sqlalchemy/api.py, _image_update: after a deadlock or a lock time-out half a second later again, fifty times. */
const RETRY_MS = 500;
const TRIES = 50;

const task = JSON.parse(process.argv[2] ?? '') as NeighbourTask;
const database = await openDatabase(parseDatabaseUrl(task.url, 'bench'), 'read-write');
const random = new Random(task.seed);
const [counted] = await database.query('SELECT COUNT(*) AS images FROM images');
const ids = await sampleLiveImages(database, Number(counted?.['images']));
if (ids.length === 0) throw new Error('there is no live image to write to');

const connection = pLimit(CONNECTIONS);
/** Every write, answered or not. */
const writes: Promise<Wait>[] = [];
let retries = 0;
/** Epoch milliseconds: nothing that is due later is started. */
let until = Number.POSITIVE_INFINITY;

interface Wait {
  /** When the write was due, epoch milliseconds. */
  readonly due: number;
  readonly milliseconds: number;
}

process.on('message', (order: Order) => void report(order));
const schedule = arrivals(random, task.perSecond);
const started = now();
let next: Arrival = schedule.next().value;
startDue();
tell({ kind: 'ready' });

function now(): number {
  return performance.timeOrigin + performance.now();
}

/** Starts what is due, also what came due while this process was held up: SQLite blocks it. */
function startDue(): void {
  for (; started + next.at <= Math.min(now(), until); next = schedule.next().value) writes.push(write(next));
  if (started + next.at <= until) setTimeout(startDue, started + next.at - now());
}

async function write({ at, write: what }: Arrival): Promise<Wait> {
  const due = started + at;
  await tryWrite(what);
  return { due, milliseconds: now() - due };
}

async function tryWrite(what: Arrival['write']): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await connection(() => glanceWrite(database, random, ids, what));
      return;
    } catch (error) {
      if (database.dialect.classify(error) !== 'conflict' || attempt === TRIES) throw error;
      retries += 1;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

async function report({ from, to }: Order): Promise<void> {
  until = to;
  startDue();
  const waits = await Promise.all(writes);
  const latencies = waits.filter(({ due }) => due >= from && due < to).map(({ milliseconds }) => milliseconds);
  tell({ kind: 'report', report: { latencies, retries } });
  await database.close();
  process.disconnect();
}

function tell(word: Word): void {
  process.send?.(word);
}
