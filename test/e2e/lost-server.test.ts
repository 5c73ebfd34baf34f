import { connect, createServer, type Server, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';

import { loadCloud } from '../../scripts/fixtures/cloud.ts';
import { runStatements } from '../../scripts/fixtures/eras/create-era.ts';
import { newestSchema } from '../../scripts/fixtures/eras/eras.ts';
import { ENGINES, openForTest, withFreshDatabase } from '../support/engines.ts';
import { runCli } from '../support/run-cli.ts';

describe.each(ENGINES.filter((engine) => engine !== 'sqlite'))('a server that is gone in the middle, %s,', (engine) => {
  it('is named as what failed by commands that only read, with the exit code of the environment', async () => {
    const { url } = await withFreshDatabase(engine);
    const database = await openForTest(url);
    await runStatements(database, newestSchema(database.dialect.name));
    await loadCloud(database, { images: 1500, seed: 5 });
    for (const command of ['expand', 'migrate'])
      expect((await runCli([command, '--database-url', url, '--yes'])).code).toBe(0);

    for (const command of ['plan', 'verify']) {
      const leaving = await proxyThatLeaves(new URL(url), 100_000);
      const result = await runCli([command, '--database-url', leaving]);
      expect(result.stderr).toContain('DATABASE_UNREACHABLE');
      expect([command, result.code]).toEqual([command, 8]);
    }
  });
});

/** A proxy that is gone for good, connections and all, once it has passed on so many bytes of the server's. @returns its address. */
async function proxyThatLeaves(target: URL, bytes: number): Promise<string> {
  let left = bytes;
  const sockets = new Set<Socket>();
  const leave = (): void => {
    proxy.close();
    for (const socket of sockets) socket.destroy();
  };
  const proxy: Server = createServer((client) => {
    const server = connect(Number(target.port), target.hostname);
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
    client.pipe(server);
    server.on('data', (chunk) => {
      left -= chunk.length;
      if (left < 0) leave();
      else client.write(chunk);
    });
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(leave);
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = new URL(target);
  url.host = `127.0.0.1:${String(address.port)}`;
  return url.href;
}
