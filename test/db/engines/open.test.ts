import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, inject, it } from 'vitest';
import { parseDatabaseUrl } from '../../../src/db/connection/url.ts';
import { openDatabase } from '../../../src/db/engines/open.ts';
import { RetypeError } from '../../../src/model/error.ts';
import { adminUrl, ENGINES, openForTest, runAsAdmin, withFreshDatabase } from '../../support/servers/engines.ts';

async function openError(url: string): Promise<RetypeError> {
  try {
    await (await openDatabase(parseDatabaseUrl(url, 'x'), 'read-only')).close();
  } catch (error) {
    if (error instanceof RetypeError) return error;
    throw error;
  }
  throw new Error('it opened');
}

const SERVERS = ENGINES.filter((engine) => engine !== 'sqlite');

describe.each(SERVERS)('openDatabase on %s', (engine) => {
  it('says DATABASE_LOGIN for a wrong password, and never shows it', async () => {
    const { url } = await withFreshDatabase(engine);
    await runAsAdmin(
      engine,
      engine === 'mariadb'
        ? ["CREATE OR REPLACE USER locked@'%' IDENTIFIED BY 'right'", "GRANT ALL ON *.* TO locked@'%'"]
        : ['DROP ROLE IF EXISTS nologin', 'CREATE ROLE nologin NOLOGIN'],
    );
    const other = new URL(url);
    other.username = engine === 'mariadb' ? 'locked' : 'nologin';
    other.password = 'hunter2';
    const error = await openError(other.href);
    expect(error.code).toBe('DATABASE_LOGIN');
    expect(error.message).toContain(`127.0.0.1:${other.port}${other.pathname}`);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hunter2');
  });

  it('says DATABASE_NOT_FOUND for a database that is not there', async () => {
    const url = new URL(adminUrl(engine));
    url.pathname = '/no_such_database';
    expect((await openError(url.href)).code).toBe('DATABASE_NOT_FOUND');
  });

  it('says DATABASE_UNREACHABLE where nobody listens', async () => {
    const url = new URL(adminUrl(engine));
    url.port = '1';
    url.password = 'hunter2';
    const error = await openError(url.href);
    expect(error.code).toBe('DATABASE_UNREACHABLE');
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hunter2');
  });

  it('says DATABASE_UNREACHABLE where something else hangs up', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const address = server.address();
    const url = new URL(adminUrl(engine));
    url.port = String(typeof address === 'object' ? address?.port : '');
    expect((await openError(url.href)).code).toBe('DATABASE_UNREACHABLE');
    server.close();
  });

  it('names the server for a person', async () => {
    const database = await openForTest((await withFreshDatabase(engine)).url);
    expect(database.dialect.serverVersion).toMatch(/^(?:MariaDB|MySQL|PostgreSQL) \d+\.\d+/);
  });
});

describe.runIf(ENGINES.includes('sqlite'))('openDatabase on sqlite', () => {
  it('never creates a file', async () => {
    const path = join(inject('temporaryDirectory'), 'none.db');
    const error = await openError(`sqlite:///${path}`);
    expect(error.code).toBe('DATABASE_NOT_FOUND');
    await expect(openDatabase({ kind: 'sqlite', path }, 'read-write')).rejects.toMatchObject({
      code: 'DATABASE_NOT_FOUND',
    });
    expect(existsSync(path)).toBe(false);
  });

  it('refuses a file that is no database', async () => {
    const path = join(inject('temporaryDirectory'), 'text.db');
    writeFileSync(path, 'this is a text file, and long enough to be looked at as one\n'.repeat(20));
    expect((await openError(`sqlite:///${path}`)).code).toBe('DATABASE_NOT_FOUND');
  });
});
