import { describe, expect, it, onTestFinished } from 'vitest';

import type { ServerAddress } from '../../../../src/db/connection/spec.ts';
import { createHosts, hostText } from '../../../../src/db/engines/mysql/hosts.ts';
import { ENGINES, adminUrl, openForTest } from '../../../support/servers/engines.ts';
import { openDatabaseProxy } from '../../../support/servers/tcp-proxy.ts';

describe('createHosts', () => {
  const list = [1, 2, 3].map((number) => ({ host: `db${number}`, port: 3306 })) as unknown as readonly [ServerAddress];
  const refused = (): Error => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

  /** Connects where it may, and notes where it tried. */
  function tries(up: readonly string[]) {
    const tried: string[] = [];
    const connect = async ({ host }: ServerAddress): Promise<string> => {
      tried.push(host);
      await Promise.resolve();
      if (!up.includes(host)) throw refused();
      return host;
    };
    return { tried, connect };
  }
  const always = (): boolean => true;

  it('stays with the host that it has, and goes around the list when that fails', async () => {
    const hosts = createHosts(list);
    expect(hostText(hosts.current())).toBe('db1:3306');
    for (const [up, expected] of [
      [['db1', 'db2'], ['db1']],
      [
        ['db2', 'db3'],
        ['db1', 'db2'],
      ],
      [['db1', 'db2', 'db3'], ['db2']],
      [['db1'], ['db2', 'db3', 'db1']],
    ] as const) {
      const { tried, connect } = tries(up);
      expect(await hosts.connect(connect, always)).toBe(expected.at(-1));
      expect(tried).toEqual(expected);
      expect(hosts.current().host).toBe(expected.at(-1));
    }
  });

  it('tells what each host said where none takes it, and may be classified', async () => {
    const hosts = createHosts(list);
    const error: unknown = await hosts.connect(tries([]).connect, always).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      message: 'db1:3306: connect ECONNREFUSED; db2:3306: connect ECONNREFUSED; db3:3306: connect ECONNREFUSED',
      code: 'ECONNREFUSED',
    });
    expect(hosts.current().host).toBe('db1');
  });

  it('stops at a failure that is not of one host alone', async () => {
    const { tried, connect } = tries([]);
    await expect(createHosts(list).connect(connect, () => false)).rejects.toThrow('connect ECONNREFUSED');
    expect(tried).toEqual(['db1']);
  });
});

describe.runIf(ENGINES.includes('mariadb'))('an address with several hosts', () => {
  it('is opened at the first one that answers, and names it', async () => {
    const url = new URL(adminUrl('mariadb'));
    const silent = await openDatabaseProxy(url.href);
    onTestFinished(() => silent.close());
    silent.treat('to-client', 'swallow');
    const database = await openForTest(`mysql://root@127.0.0.1:1,127.0.0.1:${silent.port},127.0.0.1:${url.port}/mysql`);
    expect(database.label).toBe(`127.0.0.1:${url.port}/mysql`);
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('is left when it goes, between transactions, and those under way fail as lost', async () => {
    const url = new URL(adminUrl('mariadb'));
    const first = await openDatabaseProxy(url.href);
    onTestFinished(() => first.close());
    const database = await openForTest(`mysql://root@127.0.0.1:${first.port},127.0.0.1:${url.port}/mysql`);
    expect(database.label).toBe(`127.0.0.1:${first.port}/mysql`);
    const lost: unknown = await database
      .transaction(async (trx) => {
        await trx.query('SELECT 1');
        first.close();
        await trx.query('SELECT 1');
      })
      .catch((reason: unknown) => reason);
    expect(database.dialect.classify(lost)).toBe('connection-lost');
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(database.label).toBe(`127.0.0.1:${url.port}/mysql`);
  });
});
