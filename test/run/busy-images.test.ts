import { describe, expect, it } from 'vitest';

import { createEra } from '../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../scripts/fixtures/eras/eras.ts';
import type { Database } from '../../src/db/database.ts';
import { introspectGlance } from '../../src/glance/introspect.ts';
import type { RunEvent } from '../../src/model/event.ts';
import { dismantle } from '../../src/run/schema/dismantle.ts';
import { addColumns, makeTables } from '../../src/run/schema/expand.ts';
import { findMeta, requireExpanded } from '../../src/run/preflight.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../support/servers/engines.ts';
import { type Bench, COLUMNS, columnNames, holdLease, openBench, schemaText } from '../support/cloud/migration.ts';

/** SQLite has one lock for the whole file, and nobody queues for it. */
const SERVERS = ENGINES.filter((engine) => engine !== 'sqlite');

/** How long a reader of the neighbourhood is ready to queue, seconds: behind an ALTER that waits for five he fails. */
const PATIENCE_S = 3;

const IMPATIENT: Readonly<Record<'mysql' | 'postgres' | 'sqlite', string>> = {
  mysql: `SET STATEMENT lock_wait_timeout = ${PATIENCE_S} FOR SELECT COUNT(*) AS n FROM images`,
  postgres: 'SELECT COUNT(*) AS n FROM images',
  sqlite: '',
};

/** A transaction that has read `images` and stays open until it is told to end. */
async function holdImages(database: Database): Promise<{ readonly release: () => Promise<void> }> {
  let end = (): void => undefined;
  const until = new Promise<void>((resolve) => {
    end = resolve;
  });
  let begun = (): void => undefined;
  const reading = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const held = database.transaction(async (trx) => {
    await trx.query('SELECT COUNT(*) AS n FROM images');
    begun();
    await until;
  });
  await reading;
  return {
    release: async () => {
      end();
      await held;
    },
  };
}

/** Reads `images` one statement after the other, as Glance's API does, and keeps what failed. */
function keepReading(database: Database) {
  const failures: unknown[] = [];
  let reads = 0;
  const until = new AbortController();
  const done = (async () => {
    while (!until.signal.aborted) {
      try {
        await database.transaction(async (trx) => {
          if (database.dialect.name === 'postgres') await trx.execute(`SET LOCAL lock_timeout = '${PATIENCE_S}s'`);
          await trx.query(IMPATIENT[database.dialect.name]);
        });
        reads += 1;
      } catch (error) {
        failures.push(error);
      }
    }
  })();
  return {
    failures,
    reads: () => reads,
    end: async () => {
      until.abort();
      await done;
    },
  };
}

async function neighbourhood(engine: EngineName) {
  const fresh = await withFreshDatabase(engine);
  await createEra(await openForTest(fresh.url), eraNamed('newest'));
  const bench = await openBench(fresh.url);
  return { url: fresh.url, bench, holder: await openForTest(fresh.url), reader: await openForTest(fresh.url) };
}

/** A context whose events say when work has waited for so many tries. */
function waitingContext(bench: Bench, tries: number, budgetMs = 60_000) {
  const events: RunEvent[] = [];
  let waited = (): void => undefined;
  const hasWaited = new Promise<void>((resolve) => {
    waited = resolve;
  });
  const onEvent = (event: RunEvent): void => {
    events.push(event);
    if (events.filter(({ kind }) => kind === 'retry').length >= tries) waited();
  };
  return { context: { ...bench.context({ onEvent }), budgetMs }, events, hasWaited };
}

async function expandIn(bench: Bench, context: Parameters<typeof makeTables>[0]): Promise<void> {
  await makeTables(context, await introspectGlance(bench.reader), COLUMNS, 'test');
  const lease = await holdLease(bench.writer);
  try {
    await addColumns(context, lease, COLUMNS);
  } finally {
    await lease.release();
  }
}

describe.each(SERVERS)('images that a neighbour holds on %s', (engine) => {
  it('is waited for by expand and rollback, said in words, and no reader fails meanwhile', async () => {
    const { bench, holder, reader } = await neighbourhood(engine);
    const before = await schemaText(bench.writer);
    const reading = keepReading(reader);
    const works = [
      async (context: Parameters<typeof makeTables>[0]) => expandIn(bench, context),
      async (context: Parameters<typeof makeTables>[0]) => {
        const lease = await holdLease(bench.writer);
        await dismantle(context, lease, await requireExpanded(bench.writer), 'remove-everything');
      },
    ];
    for (const work of works) {
      const blocker = await holdImages(holder);
      const { context, events, hasWaited } = waitingContext(bench, 3);
      const working = work(context);
      await Promise.race([hasWaited, working]);
      const seen = reading.reads();
      // Readers get through between two tries.
      while (reading.reads() === seen && reading.failures.length === 0)
        await new Promise((turn) => setTimeout(turn, 10));
      await blocker.release();
      await working;
      expect(events).toContainEqual({ kind: 'note', text: expect.stringContaining('waiting for images') as string });
    }
    await reading.end();
    expect(reading.failures).toEqual([]);
    expect(await schemaText(bench.writer)).toBe(before);
  });

  it('and never lets go makes expand give up by name; rollback then takes away what was made', async () => {
    const { bench, holder } = await neighbourhood(engine);
    const before = await schemaText(bench.writer);
    const blocker = await holdImages(holder);
    const { context } = waitingContext(bench, 1, 1);
    await expect(expandIn(bench, context)).rejects.toMatchObject({
      code: 'DATABASE_BUSY',
      problems: [{ advice: expect.stringContaining('session that holds the table') as string }],
    });
    expect((await findMeta(bench.writer))?.state).toBe('expanding');
    // No column was added, so that nothing of images has to be waited for.
    await dismantle(bench.context(), await holdLease(bench.writer), await findMeta(bench.writer), 'remove-everything');
    await blocker.release();
    expect(await schemaText(bench.writer)).toBe(before);
    expect(await columnNames(bench.writer, 'images')).not.toContain('image_type');
  });
});

describe.each(ENGINES)('two expands at once on %s', (engine) => {
  it('make everything once; one of them may have to come again', async () => {
    const { bench, url } = await neighbourhood(engine);
    const other = await openBench(url);
    const ends = await Promise.allSettled([expandIn(bench, bench.context()), expandIn(other, other.context())]);
    const refused = ends.filter((end) => end.status === 'rejected').map((end) => end.reason as unknown);
    for (const reason of refused) expect(reason).toMatchObject({ code: 'LEASE_HELD' });
    expect(refused.length).toBeLessThan(2);
    expect((await findMeta(bench.writer))?.state).toBe('expanded');
    expect(await columnNames(bench.writer, 'images')).toEqual(expect.arrayContaining(['image_type', 'envelope']));
  });
});
