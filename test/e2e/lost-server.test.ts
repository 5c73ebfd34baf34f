import { describe, expect, it, onTestFinished } from 'vitest';

import { loadCloud } from '../../scripts/fixtures/cloud.ts';
import { runStatements } from '../../scripts/fixtures/eras/create-era.ts';
import { newestSchema } from '../../scripts/fixtures/eras/eras.ts';
import { ENGINES, openForTest, withFreshDatabase } from '../support/servers/engines.ts';
import { runCli } from '../support/program/run-cli.ts';
import { openDatabaseProxy } from '../support/servers/tcp-proxy.ts';

describe.each(ENGINES.filter((engine) => engine !== 'sqlite'))('a server that is gone in the middle, %s,', (engine) => {
  it('is named as what failed by commands that only read, with the exit code of the environment', async () => {
    const { url } = await withFreshDatabase(engine);
    const database = await openForTest(url);
    await runStatements(database, newestSchema(database.dialect.name));
    await loadCloud(database, { images: 1500, seed: 5 });
    for (const command of ['expand', 'migrate'])
      expect((await runCli([command, '--database-url', url, '--yes'])).code).toBe(0);

    // Each waits for a minute, because a server may come back.
    await Promise.all(
      ['plan', 'verify'].map(async (command) => {
        const leaving = await proxyThatLeaves(url, 100_000);
        const result = await runCli([command, '--database-url', leaving]);
        expect(result.stderr).toContain('waiting for the database: ');
        expect(result.stderr).toContain('DATABASE_UNREACHABLE');
        expect([command, result.code]).toEqual([command, 8]);
      }),
    );
  });
});

/** A proxy that is gone for good, connections and all, once it has passed on so many bytes of the server's. @returns its address. */
async function proxyThatLeaves(url: string, bytes: number): Promise<string> {
  let left = bytes;
  const proxy = await openDatabaseProxy(url, (piece, direction) => {
    if (direction === 'to-client') left -= piece.length;
    if (left < 0) proxy.close();
  });
  onTestFinished(() => proxy.close());
  return proxy.url;
}
