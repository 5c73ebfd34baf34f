import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import yargs from 'yargs';

import {
  commandTail,
  confInForce,
  databaseOptions,
  databaseSpec,
  findDatabase,
  type GivenDatabase,
  isDatabaseNamed,
  isDatabaseTyped,
} from '../../../src/commands/options/database.ts';

it.each([
  [{}, ''],
  [{ glanceConf: ['a.conf', 'my conf.d'] }, " --glance-conf a.conf --glance-conf 'my conf.d'"],
  [{ databaseUrl: 'sqlite:////tmp/g.sqlite' }, ' --database-url sqlite:////tmp/g.sqlite'],
  [{ databaseUrl: 'sqlite:///my cloud.sqlite' }, " --database-url 'sqlite:///my cloud.sqlite'"],
  [{ databaseUrl: 'mysql://glance@db1/glance' }, ' --database-url mysql://glance@db1/glance'],
  [{ databaseUrl: 'mysql://glance:secret@db1/glance' }, ' --database-url ADDRESS'],
  // A parameter may hold a password too.
  [{ databaseUrl: 'postgresql://glance@db1/glance?sslmode=require' }, ' --database-url ADDRESS'],
  [{ configFile: ['a.conf'], configDir: ['d'] }, ' --config-file a.conf --config-dir d'],
  [
    { databaseUrl: 'mysql:///glance', defaultsFile: 'my cnf', tlsCa: 'ca', tlsCert: 'cert', tlsKey: 'key' },
    " --database-url mysql:///glance --defaults-file 'my cnf' --tls-ca ca --tls-cert cert --tls-key key",
  ],
] as const)('the commands suggested after %j end in %j', (given, tail) => {
  expect(commandTail(given)).toBe(tail);
});

const BY_ENVIRONMENT = { GLANCE_RETYPE_DATABASE_URL: 'sqlite:////environment' };
/** A machine without any file but those that are given, by their place. */
function around(files: Readonly<Record<string, string>> = {}) {
  const root = mkdtempSync(join(tmpdir(), 'database-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return { environment: {}, words: [], root };
}

function conf(url: string): string {
  return `[database]\nconnection = ${url}\n`;
}

const URL_OPTION = { databaseUrl: 'sqlite:////option' };

describe('the database', () => {
  it('is that of the option before that of the environment', () => {
    expect(databaseSpec(URL_OPTION, BY_ENVIRONMENT)).toMatchObject({ kind: 'sqlite', path: '/option' });
    expect(databaseSpec({}, BY_ENVIRONMENT)).toMatchObject({ kind: 'sqlite', path: '/environment' });
    expect(() => databaseSpec({ glanceConf: ['/nonexistent.conf'] }, BY_ENVIRONMENT)).toThrow(/^GLANCE_CONF/);
  });

  it.each([{}, { GLANCE_RETYPE_DATABASE_URL: '' }])('must be named or found: %j names none', (environment) => {
    expect(() => findDatabase({}, { ...around(), environment })).toThrow(/^DATABASE_URL[^]*none of them/);
    expect(isDatabaseNamed({ glanceConf: [] }, environment)).toBe(false);
  });

  it.each([
    [URL_OPTION, {}],
    [{ glanceConf: ['g'] }, {}],
    [{ configFile: ['g'] }, {}],
    [{ configDir: ['g'] }, {}],
    [{ defaultsFile: 'my.cnf' }, {}],
    [{}, BY_ENVIRONMENT],
  ])('is named by %j and %j', (options, environment) => {
    expect(isDatabaseNamed(options, environment)).toBe(true);
    expect(isDatabaseTyped(options)).toBe(environment !== BY_ENVIRONMENT);
  });

  it('is not named twice', async () => {
    const parser = databaseOptions(yargs())
      .exitProcess(false)
      .fail((message) => {
        throw new Error(message);
      });
    await expect(async () => parser.parseAsync(['--database-url', 'a', '--glance-conf', 'b'])).rejects.toThrow(
      /mutually exclusive/,
    );
  });
});

describe('what is found without an option', () => {
  const KOLLA = '/etc/kolla/glance-api/glance-api.conf';

  it('is told with its place, and comes after GLANCE_RETYPE_DATABASE_URL', () => {
    const here = around({ [KOLLA]: conf('mysql://g:hunter2@h/g') });
    const { address, place, remarks } = findDatabase({}, here);
    expect(address.spec).toMatchObject({ kind: 'mysql', user: 'g' });
    expect(place).toBe(`${here.root}${KOLLA}:2 [database] connection`);
    expect(remarks).toEqual([
      {
        kind: 'note',
        text: `found ${here.root}${KOLLA}; the database is that of ${place} (--show-config prints each value)`,
      },
    ]);
    expect(findDatabase({}, { ...here, environment: BY_ENVIRONMENT })).toMatchObject({
      place: 'GLANCE_RETYPE_DATABASE_URL',
      remarks: [],
    });
  });

  it('may be the environment alone', () => {
    const environment = { OS_DATABASE__CONNECTION: 'sqlite:////a' };
    expect(findDatabase({}, { ...around(), environment })).toMatchObject({
      place: 'OS_DATABASE__CONNECTION in the environment',
      remarks: [{ text: expect.stringMatching(/^the database is that of OS_DATABASE__CONNECTION/u) as string }],
    });
  });

  it('may be the option file alone, if that names the database', () => {
    const here = around({ '/my.cnf': '[client]\nhost=h\ndatabase=glance\n', '/none.cnf': '[client]\nhost=h\n' });
    const found = findDatabase({ defaultsFile: join(here.root, 'my.cnf') }, here);
    expect(found.address.spec).toMatchObject({ hosts: [{ host: 'h' }], database: 'glance' });
    expect(() => findDatabase({ defaultsFile: join(here.root, 'none.cnf') }, here)).toThrow(/a database name/u);
  });

  it('is completed by files of the same container', () => {
    const root = '/var/lib/config-data/puppet-generated/glance_api';
    const url = 'mysql://g@h/g?read_default_file=/etc/my.cnf.d/tripleo.cnf&read_default_group=tripleo';
    const here = around({
      [`${root}/etc/glance/glance-api.conf`]: conf(url),
      [`${root}/etc/my.cnf.d/tripleo.cnf`]: '[tripleo]\nssl-ca=/etc/ipa/ca.crt\n',
      [`${root}/etc/ipa/ca.crt`]: 'PEM',
    });
    const { address } = findDatabase({}, here);
    expect(address.spec).toMatchObject({
      tls: { kind: 'require', tls: { caFile: `${here.root}${root}/etc/ipa/ca.crt` } },
    });
    expect(address.files).toEqual([`${here.root}${root}/etc/my.cnf.d/tripleo.cnf`]);
  });
});

it.each([
  [{ databaseUrl: 'mysql://g:p@h/g' }, '--database-url'],
  [{ databaseUrl: 'mysql://g@h/g' }, null],
  [{ databaseUrl: 'sqlite:////a:b@c' }, null],
  [{ databaseUrl: 'sqlite:////a', compareNode: ['mysql://g@h/g', 'mysql://g:p@h/g'] }, '--compare-node'],
  [{ databaseUrl: 'sqlite:////a', replica: ['db2', 'mysql://g:p@h'] }, '--replica'],
  [{ databaseUrl: 'sqlite:////a', scratchUrl: 'mysql://g:p@h/s' }, '--scratch-url'],
] as const)('of %j the password in %s is warned of', (given, option) => {
  const { remarks } = findDatabase(given, around());
  const text = expect.stringContaining(`the password in ${option}`) as string;
  expect(remarks).toEqual(option === null ? [] : [{ kind: 'warning', text }]);
});

it.each([
  [{ databaseUrl: 'sqlite:////a', tlsCa: 'ca' }, '--tls-ca'],
  [{ databaseUrl: 'postgresql://g@h/g', defaultsFile: '/nowhere' }, '--defaults-file'],
  [{ databaseUrl: 'postgresql://g@h/g?sslmode=disable', tlsCa: 'ca' }, '--tls-ca'],
])('%j has an option that would be without effect, which is refused', (given: GivenDatabase, option) => {
  expect(() => findDatabase(given, around())).toThrow(
    `leave ${option === '--tls-ca' ? 'out --tls-ca' : `${option} out`}`,
  );
});

it('the configuration in force is that of the options, and none beside an address', () => {
  expect(confInForce({ glanceConf: ['a', 'b.d'] }, {})).toEqual(['a', 'b.d']);
  expect(confInForce(URL_OPTION, {})).toEqual([]);
  expect(confInForce({}, BY_ENVIRONMENT)).toEqual([]);
});
