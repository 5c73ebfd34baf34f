import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startMariadb } from '../../../../scripts/servers/mariadb.ts';
import { run, type PrivateServer } from '../../../../scripts/servers/private-server.ts';
import { type AddressHelp, NO_HELP } from '../../../../src/db/connection/address-help.ts';
import { parseDatabaseUrl } from '../../../../src/db/connection/url.ts';
import { openDatabase } from '../../../../src/db/engines/open.ts';
import { RetypeError } from '../../../../src/model/error.ts';
import { ENGINES } from '../../../support/servers/engines.ts';

describe.runIf(ENGINES.includes('mariadb'))('TLS to a server whose certificate only it has signed', () => {
  const directory = mkdtempSync(join(tmpdir(), 'glance-retype-tls-'));
  const certificate = join(directory, 'cert.pem');
  const key = join(directory, 'key.pem');
  let server: PrivateServer;

  beforeAll(async () => {
    const made = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=db.example';
    const names = ['-addext', 'subjectAltName=DNS:db.example,IP:127.0.0.1'];
    await run('openssl', [...made.split(' '), ...names, '-keyout', key, '-out', certificate]);
    for (const path of [directory, key]) chmodSync(path, 0o755);
    server = await startMariadb({
      options: [`--ssl-cert=${certificate}`, `--ssl-key=${key}`, '--bind-address=127.0.0.1,127.0.0.2'],
    });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(directory, { recursive: true });
  });

  async function cipherOf(
    query: string,
    host = '127.0.0.1',
    help: AddressHelp = NO_HELP,
  ): Promise<string | RetypeError> {
    const url = `${server.url('mysql').replace('127.0.0.1', host)}?${query}`;
    try {
      const database = await openDatabase(parseDatabaseUrl(url, 'test', help), 'read-only');
      const [row] = await database.query("SHOW SESSION STATUS LIKE 'Ssl_cipher'");
      await database.close();
      return String(row?.['Value']);
    } catch (error) {
      if (error instanceof RetypeError) return error;
      throw error;
    }
  }

  it.each(['ssl=true', 'ssl=1&ssl_check_hostname=false', 'ssl_mode=VERIFY_CA', 'ssl_verify_cert=true'])(
    'is refused with %s, and the message says what to write',
    async (query) => {
      const error = await cipherOf(query);
      expect(error).toMatchObject({ code: 'DATABASE_CERTIFICATE' });
      expect(String(error)).toMatch(/self-signed certificate[\s\S]*ssl_ca=FILE[\s\S]*ssl_verify_cert=false/u);
    },
  );

  it.each([
    'ssl=true&ssl_verify_cert=false',
    'ssl_mode=REQUIRED',
    `ssl=true&ssl_ca=${certificate}`,
    `ssl=true&ssl_ca=${certificate}&ssl_verify_identity=true`,
  ])('is encrypted with %s', async (query) => {
    expect(await cipherOf(query)).toMatch(/^TLS_|AES|CHACHA/u);
  });

  it.each(['localhost', '127.0.0.2'])('is refused as %s, which its certificate does not name', async (host) => {
    expect(await cipherOf(`ssl_ca=${certificate}`, host)).toMatch(/^TLS_|AES|CHACHA/u);
    const error = await cipherOf(`ssl_ca=${certificate}&ssl_check_hostname=true`, host);
    expect(error).toMatchObject({ code: 'DATABASE_CERTIFICATE' });
    expect(String(error)).toContain('ssl_check_hostname=false');
  });

  /** As TripleO writes it for its own group, and the operator of RHOSO for [client]. */
  function optionFile(text: string): string {
    const path = join(directory, 'my.cnf');
    writeFileSync(path, text);
    return path;
  }

  it.each([
    ['[tripleo]\nssl=1\nbind-address=127.0.0.1\nssl-ca=AUTHORITY\n', '&read_default_group=tripleo'],
    ['[client]\nssl=1\nssl-ca=AUTHORITY\n', ''],
  ])('is encrypted where an option file names the authority: %j', async (text, group) => {
    const file = optionFile(text.replace('AUTHORITY', certificate));
    expect(await cipherOf(`read_default_file=${file}${group}`)).toMatch(/^TLS_|AES|CHACHA/u);
    // PyMySQL compares the name then; an address with ssl_ca does not ask for that.
    expect(await cipherOf(`read_default_file=${file}${group}`, '127.0.0.2')).toMatchObject({
      code: 'DATABASE_CERTIFICATE',
    });
  });

  it('stays in clear text where an option file says only ssl=1, which PyMySQL does not read', async () => {
    expect(await cipherOf(`read_default_file=${optionFile('[client]\nssl=1\n')}`)).toBe('');
  });

  it('needs --tls-ca where the path of the authority is valid only inside a container', async () => {
    const inside = optionFile('[client]\nssl-ca=/inside/ca.pem\n');
    const absent = await cipherOf(`read_default_file=${inside}`);
    expect(absent).toMatchObject({ code: 'DATABASE_URL' });
    expect(String(absent)).toMatch(/\/inside\/ca\.pem[\s\S]*--tls-ca/u);
    const tls = { caFile: certificate, certFile: null, keyFile: null };
    for (const query of [`read_default_file=${inside}`, 'ssl_ca=/inside/ca.pem', '']) {
      expect(await cipherOf(query, '127.0.0.1', { ...NO_HELP, tls }), query).toMatch(/^TLS_|AES|CHACHA/u);
    }
    expect(await cipherOf('ssl_disabled=true', '127.0.0.1', { ...NO_HELP, tls }).catch(String)).toMatchObject({
      code: 'DATABASE_URL',
    });
  });

  it('stays in clear text where nothing asks for TLS', async () => {
    expect(await cipherOf('ssl_disabled=true&ssl=true')).toBe('');
  });
});
