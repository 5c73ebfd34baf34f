import { createEra } from '../../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../../scripts/fixtures/eras/eras.ts';
import { introspectGlance } from '../../../src/glance/introspect.ts';
import { dismantle, type Dismantling } from '../../../src/run/schema/dismantle.ts';
import { addColumns, makeTables } from '../../../src/run/schema/expand.ts';
import { requireExpanded } from '../../../src/run/preflight.ts';
import { type Bench, COLUMNS, holdLease, openBench } from '../../support/cloud/migration.ts';
import { CutError, cutAfter } from '../../support/servers/cut-database.ts';
import { openForTest, withFreshDatabase, type EngineName } from '../../support/servers/engines.ts';

/** A database of the newest Glance. */
export async function glance(engine: EngineName) {
  const fresh = await withFreshDatabase(engine);
  await createEra(await openForTest(fresh.url), eraNamed('newest'));
  return { url: fresh.url, bench: await openBench(fresh.url) };
}

/** The same, expanded with result columns. */
export async function expandedBench(engine: EngineName): Promise<Bench> {
  const { bench } = await glance(engine);
  await expandCutAfter(bench, Number.POSITIVE_INFINITY);
  return bench;
}

/** Expand, dying before its (n + 1)-th write. @returns whether it died. */
export async function expandCutAfter(bench: Bench, writes: number): Promise<boolean> {
  const schema = await introspectGlance(bench.reader);
  return dying(bench, writes, async (context) => {
    await makeTables(context, schema, COLUMNS, 'test');
    const lease = await holdLease(context.writer);
    await addColumns(context, lease, COLUMNS);
    await lease.release();
  });
}

/** Drops what expand made, dying before its (n + 1)-th write. @returns whether it died. */
export async function dismantleCutAfter(bench: Bench, writes: number, how: Dismantling): Promise<boolean> {
  const meta = await requireExpanded(bench.writer);
  return dying(bench, writes, async (context) => {
    const lease = await holdLease(context.writer);
    await dismantle(context, lease, meta, how);
  });
}

async function dying(
  bench: Bench,
  writes: number,
  work: (context: ReturnType<Bench['context']>) => Promise<void>,
): Promise<boolean> {
  const { writer, isCut } = cutAfter(bench.writer, writes);
  await work(bench.context({ writer })).catch((error: unknown) => {
    if (!isCut() || !(error instanceof CutError)) throw error;
  });
  // A dead process holds no lease: on its own machine the next one sees that, and elsewhere it runs out.
  await bench.writer.execute('UPDATE retype_lease SET owner = NULL').catch(() => undefined);
  return isCut();
}

/** What retype_meta says; `gone` where it is not there, `empty` where it says nothing yet. */
export async function stateOf({ writer }: Bench): Promise<string> {
  if (!(await writer.dialect.listTables(writer)).includes('retype_meta')) return 'gone';
  const [row] = await writer.query('SELECT state FROM retype_meta');
  return row === undefined ? 'empty' : String(row['state']);
}
