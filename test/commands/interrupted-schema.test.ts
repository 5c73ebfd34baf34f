import { describe, expect, it } from 'vitest';

import { createEra } from '../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../scripts/fixtures/eras/eras.ts';
import { introspectGlance } from '../../src/glance/introspect.ts';
import { dismantle, type Dismantling } from '../../src/run/schema/dismantle.ts';
import { addColumns, makeTables } from '../../src/run/schema/expand.ts';
import { requireExpanded } from '../../src/run/preflight.ts';
import { runCommand } from '../support/program/command.ts';
import { CutError, cutAfter } from '../support/servers/cut-database.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../support/servers/engines.ts';
import { type Bench, COLUMNS, columnNames, holdLease, openBench, schemaText } from '../support/cloud/migration.ts';

async function glance(engine: EngineName) {
  const fresh = await withFreshDatabase(engine);
  await createEra(await openForTest(fresh.url), eraNamed('newest'));
  return { url: fresh.url, bench: await openBench(fresh.url) };
}

/** Expand, dying before its (n + 1)-th write. @returns whether it died. */
async function expandCutAfter(bench: Bench, writes: number): Promise<boolean> {
  const schema = await introspectGlance(bench.reader);
  return dying(bench, writes, async (context) => {
    await makeTables(context, schema, COLUMNS, 'test');
    const lease = await holdLease(context.writer);
    await addColumns(context, lease, COLUMNS);
    await lease.release();
  });
}

async function dismantleCutAfter(bench: Bench, writes: number, how: Dismantling): Promise<boolean> {
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
async function stateOf({ writer }: Bench): Promise<string> {
  if (!(await writer.dialect.listTables(writer)).includes('retype_meta')) return 'gone';
  const [row] = await writer.query('SELECT state FROM retype_meta');
  return row === undefined ? 'empty' : String(row['state']);
}

async function dropResultColumns(bench: Bench): Promise<void> {
  const names = (await columnNames(bench.writer, 'images')).filter((name) => /^(?:\w+_type|envelope)$/u.test(name));
  if (names.length === 0) return;
  for (const statement of bench.writer.dialect.dropColumns('images', names)) await bench.writer.execute(statement);
}

describe.each(ENGINES)('a schema change that was killed on %s', (engine) => {
  it('expand, at every statement: rollback takes it back, expand finishes it, the others say which', async () => {
    const { url, bench } = await glance(engine);
    const before = await schemaText(bench.writer);
    let writes = 0;
    for (let cut = true; cut; writes += 1) {
      for (const after of ['rollback', 'expand'] as const) {
        cut = await expandCutAfter(bench, writes);
        if (!cut) continue;
        const at = `after ${writes} writes`;
        // The last write of all gives the lease back.
        if (after === 'rollback' && (await stateOf(bench)) !== 'expanded') {
          for (const waiting of ['migrate', 'verify', 'contract']) {
            const { code, text } = await runCommand(url, waiting, ...(waiting === 'verify' ? [] : ['--yes']));
            expect([code, text], at).toEqual([5, expect.stringMatching(/^NOT_EXPANDED[^]*expand/u)]);
          }
          for (const reading of ['status', 'plan']) expect((await runCommand(url, reading)).code, at).toBe(0);
        }
        expect((await runCommand(url, after, '--yes')).code, at).toBe(0);
        if (after === 'expand') {
          expect(await columnNames(bench.writer, 'images'), at).toEqual(
            expect.arrayContaining(['image_type', 'envelope']),
          );
          expect((await runCommand(url, 'rollback', '--yes')).code, at).toBe(0);
        }
        expect(await schemaText(bench.writer), at).toBe(before);
      }
      if (!cut) expect((await runCommand(url, 'rollback', '--yes')).code).toBe(0);
    }
    expect(writes).toBeGreaterThan(5);
    expect(await runCommand(url, 'rollback', '--yes')).toMatchObject({
      code: 0,
      text: expect.stringContaining('Nothing is left') as string,
    });
  });

  it('rollback, at every statement: the same command finishes it, also when only its end was missing', async () => {
    const { url, bench } = await glance(engine);
    const before = await schemaText(bench.writer);
    let writes = 3;
    for (let cut = true; cut; writes += 1) {
      expect((await runCommand(url, 'expand', '--yes')).code).toBe(0);
      cut = await dismantleCutAfter(bench, writes, 'remove-everything');
      const at = `after ${writes} writes`;
      if ((await stateOf(bench)) === 'removing') {
        for (const [other, code] of [
          ['expand', 'ALREADY_EXPANDED'],
          ['contract', 'NOT_EXPANDED'],
          ['migrate', 'NOT_EXPANDED'],
        ] as const) {
          const { text } = await runCommand(url, other, '--yes');
          expect([text.split(':')[0], text], at).toEqual([code, expect.stringContaining('glance-retype rollback')]);
        }
        expect((await runCommand(url, 'status')).code, at).toBe(0);
      }
      expect((await runCommand(url, 'rollback', '--yes')).code, at).toBe(0);
      expect(await schemaText(bench.writer), at).toBe(before);
    }
    expect(writes).toBeGreaterThan(5);
  });

  it('contract, at every statement: the same command finishes it and keeps the results', async () => {
    const { url, bench } = await glance(engine);
    let writes = 3;
    for (let cut = true; cut; writes += 1) {
      expect((await runCommand(url, 'expand', '--yes')).code).toBe(0);
      cut = await dismantleCutAfter(bench, writes, 'keep-results');
      const at = `after ${writes} writes`;
      const state = await stateOf(bench);
      if (state === 'contracting') {
        const { code, text } = await runCommand(url, 'rollback', '--yes');
        expect([code, text], at).toEqual([5, expect.stringContaining('glance-retype contract')]);
        expect((await runCommand(url, 'expand', '--yes')).text, at).toContain('glance-retype contract');
      }
      expect((await runCommand(url, 'contract', '--yes')).code, at).toBe(0);
      const late = await runCommand(url, 'rollback', '--yes');
      expect([late.code, late.text], at).toEqual([5, expect.stringMatching(/^NOT_EXPANDED/u)]);
      expect(await bench.writer.dialect.listTables(bench.writer), at).not.toContain('retype_meta');
      expect(await columnNames(bench.writer, 'images'), at).toContain('image_type');
      await dropResultColumns(bench);
    }
    expect(writes).toBeGreaterThan(5);
  });
});
