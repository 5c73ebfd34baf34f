import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { createEra } from '../../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../../scripts/fixtures/eras/eras.ts';
import { acquireLease } from '../../../src/journal/acquire-lease.ts';
import { WHOLE } from '../../../src/journal/lease.ts';
import { type CommitLoss, startCommitProxy } from '../../support/servers/commit-proxy.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../../support/servers/engines.ts';
import {
  COLUMNS,
  holdLease,
  openBench,
  runExpand,
  runMigrate,
  runVerify,
  WATCHING,
} from '../../support/cloud/migration.ts';

const SERVERS = ENGINES.filter((engine) => engine !== 'sqlite');
const BATCH = /INSERT INTO .retype_batches/iu;

describe.each(SERVERS)('a COMMIT whose answer is lost on %s', (engine) => {
  it.each<CommitLoss>(['after-the-server-committed', 'before-the-server-saw-it'])(
    'is looked up by its batch uuid and neither repeated nor dropped (%s)',
    async (loss) => {
      const { url, direct } = await expanded(engine);
      const lossy = await startCommitProxy(url, BATCH, loss);
      const bench = await openBench(lossy.url);
      const retries: string[] = [];
      lossy.arm(2);
      const result = await runMigrate(bench, {
        onEvent: (event) => {
          if (event.kind === 'retry') {
            retries.push(event.reason);
          }
        },
      });
      expect(lossy.lost()).toBe(1);
      expect(retries).toHaveLength(loss === 'before-the-server-saw-it' ? 1 : 0);
      expect(result.end).toBe('complete');
      expect((await runVerify(direct)).sample).toEqual([]);

      // Batch numbers without a gap or a repeat: every page was committed exactly once.
      const batches = await direct.writer.query('SELECT batch FROM retype_batches ORDER BY batch');
      expect(batches.map((row) => Number(row['batch']))).toEqual(batches.map((_, index) => index + 1));
      await (await holdLease(direct.writer)).release();
    },
  );

  it.each(['while the next attempt waits for its locks', 'after the next attempt has given up waiting'] as const)(
    'and that comes through late, %s, is recognised as done',
    async (moment) => {
      const { url, direct } = await expanded(engine);
      const undisturbed = await expanded(engine);
      const expected = await runMigrate(undisturbed.direct);

      const late = await startCommitProxy(url, BATCH, 'passed-on-late');
      const bench = await openBench(late.url);
      const retries: string[] = [];
      let attempts = 0;
      late.onMarked(() => {
        attempts += 1;
        if (moment === 'while the next attempt waits for its locks') setTimeout(late.letGo, 500);
      });
      late.arm(3);
      const result = await runMigrate(bench, {
        lanes: 1,
        onEvent: (event) => {
          if (event.kind !== 'retry') return;
          retries.push(event.reason);
          // The first is for the lost connection, the second for the locks that the first attempt holds.
          if (retries.length === 2) late.letGo();
        },
      });
      expect([late.lost(), attempts > 0, result.end]).toEqual([1, true, 'complete']);
      expect(retries.length).toBe(moment === 'while the next attempt waits for its locks' ? 1 : 2);
      // Batches have other uuids, and so other seals.
      const totals = { ...expected.totals, seals: expect.any(String) as string };
      expect([result.written, result.totals, result.foreign]).toEqual([expected.written, totals, []]);
      expect((await runVerify(direct)).sample).toEqual([]);
      const again = await direct.writer.query('SELECT uuid FROM retype_batches GROUP BY uuid HAVING COUNT(*) > 1');
      expect(again).toEqual([]);
    },
  );

  it.each<CommitLoss>(['after-the-server-committed', 'before-the-server-saw-it', 'passed-on-late'])(
    'by whoever takes the lease leaves it with him (%s)',
    async (loss) => {
      const { url, direct } = await expanded(engine);
      const lossy = await startCommitProxy(url, /retype_lease. SET .owner. = /iu, loss);
      const writer = await openForTest(lossy.url);
      lossy.arm(1);
      lossy.onMarked(() => setTimeout(lossy.letGo, 300));
      if (loss === 'passed-on-late') setTimeout(lossy.letGo, 1_000);
      const holder = { owner: randomUUID(), host: 'here', process: 'p', purpose: 'test' };
      const [before] = await direct.writer.query('SELECT epoch FROM retype_lease WHERE id = 1');
      const lease = await acquireLease(writer, holder, () => false, WHOLE, WATCHING);
      // Not taken over from itself: that would be the second time.
      expect([lossy.lost(), lease.epoch]).toEqual([1, BigInt(String(before?.['epoch'])) + 1n]);
      await direct.writer.transaction(async (trx) => lease.assertHeld(trx));
      const [row] = await direct.writer.query('SELECT owner, epoch FROM retype_lease WHERE id = 1');
      expect([row?.['owner'], String(row?.['epoch'])]).toEqual([holder.owner, String(lease.epoch)]);
    },
  );
});

async function expanded(engine: EngineName) {
  const { url } = await withFreshDatabase(engine);
  await createEra(await openForTest(url), eraNamed('newest'));
  const direct = await openBench(url);
  await runExpand(direct, COLUMNS);
  return { url, direct };
}
