import { createServer, connect, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';

import { createEra } from '../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../scripts/fixtures/eras/eras.ts';
import { ENGINES, openForTest, withFreshDatabase } from '../support/engines.ts';
import { COLUMNS, holdLease, openBench, runExpand, runMigrate, runVerify } from '../support/migration.ts';

const SERVERS = ENGINES.filter((engine) => engine !== 'sqlite');

/** How the answer to a COMMIT gets lost: the server carried it out, or never saw it. */
type Loss = 'after-the-server-committed' | 'before-the-server-saw-it';

let proxies: Server[] = [];
afterEach(() => {
  for (const proxy of proxies) {
    proxy.close();
  }
  proxies = [];
});

describe.each(SERVERS)('a COMMIT whose answer is lost on %s', (engine) => {
  it.each<Loss>(['after-the-server-committed', 'before-the-server-saw-it'])(
    'is looked up by its batch uuid and neither repeated nor dropped (%s)',
    async (loss) => {
      const fresh = await withFreshDatabase(engine);
      await createEra(await openForTest(fresh.url), eraNamed('newest'));
      const direct = await openBench(fresh.url);
      await runExpand(direct, COLUMNS);

      const lossy = await losingProxy(new URL(fresh.url), loss);
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

/** A TCP proxy that cuts the connection around the COMMIT of one batch. `arm(n)` lets that of the n-th batch from then on be the one. */
async function losingProxy(
  target: URL,
  loss: Loss,
): Promise<{ readonly url: string; arm(nth: number): void; lost(): number }> {
  let countdown = 0;
  let lost = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    const cut = (): void => {
      lost += 1;
      client.destroy();
      upstream.destroy();
    };
    let swallow = false;
    let writesBatch = false;
    client.on('data', (data) => {
      writesBatch ||= data.toString('latin1').includes('INSERT INTO retype_batches');
      if (countdown > 0 && writesBatch && isCommit(data)) {
        writesBatch = false;
        countdown -= 1;
        if (countdown === 0) {
          if (loss === 'before-the-server-saw-it') {
            cut();
            return;
          }
          swallow = true;
        }
      }
      upstream.write(data);
    });
    upstream.on('data', (data) => {
      if (swallow) {
        cut();
        return;
      }
      client.write(data);
    });
    endTogether(client, upstream);
  });
  proxies.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('the proxy has no port');
  }
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String(address.port);
  return {
    url: url.href,
    arm: (nth) => {
      countdown = nth;
    },
    lost: () => lost,
  };
}

function isCommit(data: Buffer): boolean {
  return /COMMIT;?\0?$/iu.test(data.toString('latin1'));
}

function endTogether(one: Socket, other: Socket): void {
  for (const [socket, peer] of [
    [one, other],
    [other, one],
  ] as const) {
    socket.on('error', () => peer.destroy());
    socket.on('close', () => peer.destroy());
  }
}
