import { describe, expect, it } from 'vitest';

import type { Database } from '../../../src/db/database.ts';
import type { NeighbourReading } from '../../../src/db/pressure.ts';
import { createPhaseClock } from '../../../src/run/context/phase-clock.ts';
import { type BrakeParts, withBrake } from '../../../src/run/steering/brake.ts';
import { createPressureControl, type PressureControl } from '../../../src/run/steering/pressure.ts';
import { openWindow, UNLIMITED, type Window } from '../../../src/run/steering/window.ts';
import { ENGINES, openForTest, withFreshDatabase } from '../../support/servers/engines.ts';

const alone = { milliseconds: 100, least: 1_000, lanes: 3, rest: 0 };
const beside = { milliseconds: 30, least: 100, lanes: 1, rest: 2 };

const windowWith = (requested: () => boolean): Window =>
  openWindow({ limits: UNLIMITED, signals: { requested }, onEvent: () => {}, now: () => performance.now() });

interface Observed {
  readonly parts: BrakeParts;
  readonly notes: string[];
  readonly readings: (NeighbourReading | null)[];
}

function observed(writer: Database): Observed {
  const notes: string[] = [];
  const readings: (NeighbourReading | null)[] = [];
  const control = createPressureControl({ alone, beside });
  const pressure: PressureControl = {
    now: () => control.now(),
    read(reading) {
      readings.push(reading);
      control.read(reading);
    },
  };
  const parts: BrakeParts = {
    writer,
    pressure,
    maxLatency: null,
    clock: createPhaseClock(),
    window: windowWith(() => false),
    pauseFile: null,
    throttles: [],
    onEvent: (event) => void (event.kind === 'note' && notes.push(event.text)),
  };
  return { parts, notes, readings };
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
};

describe.each(ENGINES)('withBrake on %s', (engine) => {
  async function tables() {
    const fresh = await withFreshDatabase(engine);
    const writer = await openForTest(fresh.url);
    await writer.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)');
    await writer.execute('INSERT INTO t VALUES (1, 0)');
    return { fresh, writer, other: await openForTest(fresh.url) };
  }
  const write = async (database: Database): Promise<number> => database.execute('UPDATE t SET n = n + 1 WHERE id = 1');

  it('gives way once somebody waits for the run, and uses all lanes while nobody does', async () => {
    const { writer, other } = await tables();
    const { parts, notes, readings } = observed(writer);
    await withBrake(parts, async (brake) => {
      // MariaDB counts the waits of whoever else uses the server, such as tests that run beside this one.
      if (engine !== 'mariadb') await until(() => brake.lanes(8) === 3);
      if (engine !== 'mariadb') expect(brake.lanes(2)).toBe(2);
      const waiters: Promise<unknown>[] = [];
      if (engine === 'sqlite') {
        await write(other);
        await until(() => brake.lanes(8) === 1);
      } else {
        await writer.transaction(async (trx) => {
          await trx.execute('UPDATE t SET n = n + 1 WHERE id = 1');
          const waiter = other.transaction(async (theirs) => {
            if (engine === 'postgres') await theirs.execute("SET LOCAL application_name = 'glance-api'");
            await theirs.execute('UPDATE t SET n = n + 1 WHERE id = 1');
          });
          waiters.push(waiter);
          await until(() => (readings.at(-1)?.atWork ?? 0) > 0);
          expect(brake.lanes(8)).toBe(1);
        });
      }
      await Promise.all(waiters);
    });
    expect(notes).toEqual([]);
  });

  it('pauses after a batch beside others, until a stop is asked for', async () => {
    const { writer } = await tables();
    const { parts, readings } = observed(writer);
    let stopped = false;
    await withBrake({ ...parts, window: windowWith(() => stopped) }, async (brake) => {
      let isOver = false;
      const hour = brake.after(3_600_000).then(() => (isOver = true));
      await until(() => readings.length > 2);
      expect(isOver).toBe(false);
      stopped = true;
      await hour;
    });
    expect(parts.clock.seconds().wait).toBeGreaterThan(0);
  });

  it('ends with the work, also with work that fails', async () => {
    const { writer } = await tables();
    const { parts } = observed(writer);
    await expect(withBrake(parts, async () => Promise.reject(new Error('the work')))).rejects.toThrow('the work');
    const { statements } = writer.usage();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(writer.usage().statements).toBe(statements);
  });
});

describe.runIf(ENGINES.includes('postgres'))('withBrake of an account that may not see locks', () => {
  it('says so once, lets the run go on, and stays careful', async () => {
    const fresh = await withFreshDatabase('postgres');
    const owner = await openForTest(fresh.url);
    const user = `u_${new URL(fresh.url).pathname.slice(1)}`;
    for (const statement of [`CREATE ROLE ${user} LOGIN`, 'REVOKE SELECT ON pg_catalog.pg_locks FROM PUBLIC'])
      await owner.execute(statement);
    const { parts, notes } = observed(await openForTest(fresh.urlAs(user, 'pw')));
    const result = await withBrake(parts, async (brake) => {
      await until(() => notes.length > 0);
      await new Promise((resolve) => setTimeout(resolve, 300));
      return brake.lanes(8);
    });
    expect(result).toBe(1);
    expect(notes).toEqual([
      'cannot see whether others write, so batches stay small: permission denied for view pg_locks',
    ]);
  });
});
