import { describe, expect, it, onTestFinished } from 'vitest';

import { createEra } from '../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../scripts/fixtures/eras/eras.ts';
import { ENGINES, openForTest, withFreshDatabase } from '../support/engines.ts';
import { COLUMNS, holdLease, openBench, runExpand, runMigrate, runVerify } from '../support/migration.ts';
import { openDatabaseProxy, type ProxiedConnection } from '../support/tcp-proxy.ts';

const SERVERS = ENGINES.filter((engine) => engine !== 'sqlite');

/** How the answer to a COMMIT gets lost: the server carried it out, or never saw it. */
type Loss = 'after-the-server-committed' | 'before-the-server-saw-it';

describe.each(SERVERS)('a COMMIT whose answer is lost on %s', (engine) => {
  it.each<Loss>(['after-the-server-committed', 'before-the-server-saw-it'])(
    'is looked up by its batch uuid and neither repeated nor dropped (%s)',
    async (loss) => {
      const fresh = await withFreshDatabase(engine);
      await createEra(await openForTest(fresh.url), eraNamed('newest'));
      const direct = await openBench(fresh.url);
      await runExpand(direct, COLUMNS);

      const lossy = await losingProxy(fresh.url, loss);
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
});

/** A proxy that cuts the connection around the COMMIT of one batch. `arm(n)` lets that of the n-th batch from then on be the one. */
async function losingProxy(
  url: string,
  loss: Loss,
): Promise<{ readonly url: string; arm(nth: number): void; lost(): number }> {
  let countdown = 0;
  let lost = 0;
  const writing = new Set<ProxiedConnection>();
  const answerless = new Set<ProxiedConnection>();
  const cut = (connection: ProxiedConnection): void => {
    lost += 1;
    connection.cut('both');
  };
  const proxy = await openDatabaseProxy(url, (bytes, direction, connection) => {
    if (direction === 'to-client') {
      if (answerless.has(connection)) cut(connection);
      return;
    }
    if (bytes.includes('INSERT INTO retype_batches')) writing.add(connection);
    if (countdown === 0 || !writing.has(connection) || !isCommit(bytes)) return;
    writing.delete(connection);
    countdown -= 1;
    if (countdown > 0) return;
    if (loss === 'before-the-server-saw-it') cut(connection);
    else answerless.add(connection);
  });
  onTestFinished(() => proxy.close());
  return {
    url: proxy.url,
    arm: (nth) => {
      countdown = nth;
    },
    lost: () => lost,
  };
}

function isCommit(data: Buffer): boolean {
  return /COMMIT;?\0?$/iu.test(data.toString('latin1'));
}
