import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { serverAccount, startPostgres } from '../../../../scripts/servers/postgres.ts';
import { run, type PrivateServer } from '../../../../scripts/servers/private-server.ts';
import { type AddressHelp, NO_HELP } from '../../../../src/db/connection/address-help.ts';
import { parseDatabaseUrl } from '../../../../src/db/connection/url.ts';
import { openDatabase } from '../../../../src/db/engines/open.ts';
import { RetypeError } from '../../../../src/model/error.ts';
import { ENGINES } from '../../../support/servers/engines.ts';

describe.runIf(ENGINES.includes('postgres'))('TLS to a PostgreSQL whose certificate only it has signed', () => {
  const directory = mkdtempSync(join(tmpdir(), 'glance-retype-postgres-tls-'));
  const certificate = join(directory, 'cert.pem');
  const key = join(directory, 'key.pem');
  let server: PrivateServer;

  beforeAll(async () => {
    const made = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=db.example';
    await run('openssl', [...made.split(' '), '-keyout', key, '-out', certificate]);
    const account = await serverAccount();
    // The server refuses a key that others may read.
    chmodSync(key, 0o600);
    if (account !== null) chownSync(key, account.uid, account.gid);
    chmodSync(directory, 0o755);
    server = await startPostgres({
      settings: ['ssl=on', `ssl_cert_file=${certificate}`, `ssl_key_file=${key}`],
    });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(directory, { recursive: true });
  });

  async function isEncrypted(query: string, help: AddressHelp): Promise<string | RetypeError> {
    const url = `${server.url('postgres').replace(/\?.*/u, '')}?${query}`;
    try {
      const database = await openDatabase(parseDatabaseUrl(url, 'test', help), 'read-only');
      const [row] = await database.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
      await database.close();
      return String(row?.['ssl']);
    } catch (error) {
      if (error instanceof RetypeError) return error;
      throw error;
    }
  }
  const withAuthority = { ...NO_HELP, tls: { ...NO_HELP.tls, caFile: certificate } };

  it.each([
    ['', 'true'],
    ['sslmode=disable', 'false'],
    [`sslmode=verify-ca&sslrootcert=${certificate}`, 'true'],
  ])('without an option %s is encrypted: %s', async (query, encrypted) => {
    expect(await isEncrypted(query, NO_HELP)).toBe(encrypted);
  });

  it('--tls-ca replaces an authority that is not here, and its certificate must be the one that signed', async () => {
    const inside = 'sslmode=verify-ca&sslrootcert=/inside/ca.pem';
    const absent = await isEncrypted(inside, NO_HELP);
    expect(absent).toMatchObject({ code: 'DATABASE_URL' });
    expect(String(absent)).toMatch(/\/inside\/ca\.pem[^]*--tls-ca/u);
    expect(await isEncrypted(inside, withAuthority)).toBe('true');

    const other = join(directory, 'other.pem');
    const made = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=db.example';
    await run('openssl', [...made.split(' '), '-keyout', join(directory, 'other.key'), '-out', other]);
    const wrong = { ...NO_HELP, tls: { ...NO_HELP.tls, caFile: other } };
    // Also where the address asks for nothing: an authority that is named is one that must have signed.
    for (const query of [inside, '']) {
      expect(await isEncrypted(query, wrong), query).toMatchObject({ code: 'DATABASE_CERTIFICATE' });
    }
    expect(await isEncrypted('', withAuthority)).toBe('true');
  });
});
