import { describe, expect, it, onTestFinished } from 'vitest';

import { createEra } from '../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../scripts/fixtures/eras/eras.ts';
import { migrate } from '../../src/run/migrate/migrate.ts';
import { requireExpanded } from '../../src/run/preflight.ts';
import { ENGINES, openForTest, withFreshDatabase } from '../support/servers/engines.ts';
import {
  COLUMNS,
  holdLease,
  keepAliveForTest,
  openBench,
  runExpand,
  runMigrate,
  runVerify,
  terms,
} from '../support/cloud/migration.ts';
import { openDatabaseProxy, type ProxiedConnection, type TcpProxy } from '../support/servers/tcp-proxy.ts';

const SERVERS = ENGINES.filter((engine) => engine !== 'sqlite');

describe.each(SERVERS)('a runner that lost its way to the server on %s', (engine) => {
  it('with the locks of a whole batch and of its lease is fenced, and its sessions are ended by the one who goes on', async () => {
    const { url } = await withFreshDatabase(engine);
    await createEra(await openForTest(url), eraNamed('newest'));
    const direct = await openBench(url);
    await runExpand(direct, COLUMNS);

    const writing = new Set<ProxiedConnection>();
    let batches = 0;
    const proxy: TcpProxy & { readonly url: string } = await openDatabaseProxy(url, (bytes, direction, connection) => {
      if (direction !== 'to-server') return;
      if (/INSERT INTO .retype_batches/iu.test(bytes.toString('latin1'))) writing.add(connection);
      if (!writing.has(connection) || !/COMMIT;?\0?$/iu.test(bytes.toString('latin1'))) return;
      writing.delete(connection);
      batches += 1;
      if (batches === 4) proxy.treat('to-server', 'hold');
    });
    onTestFinished(() => proxy.close());
    const lost = await openBench(proxy.url);
    const lease = await holdLease(lost.writer);
    keepAliveForTest(lease);
    const running = migrate(
      lost.context({ lanes: 1, pageSize: 2 }),
      lease,
      await requireExpanded(direct.writer),
      terms(),
    );
    running.catch(() => {});
    await waitUntil(() => batches === 4);

    const before = await direct.writer.query('SELECT uuid FROM retype_batches');
    const finished = await runMigrate(direct);
    expect([finished.resumed, finished.end]).toEqual([true, 'complete']);
    expect(before.length).toBeGreaterThan(0);
    expect((await runVerify(direct)).sample).toEqual([]);

    const after = await direct.writer.query('SELECT batch, uuid FROM retype_batches ORDER BY batch');
    proxy.treat('to-server', 'pass');
    await expect(running).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(await direct.writer.query('SELECT batch, uuid FROM retype_batches ORDER BY batch')).toEqual(after);
  });
});

async function waitUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
