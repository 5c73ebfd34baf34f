import { describe, expect, it } from 'vitest';
import yargs from 'yargs';

import { commandTail, databaseOptions, databaseSpec, isDatabaseNamed } from '../../../src/commands/options/database.ts';

it.each([
  [{}, ''],
  [{ glanceConf: ['a.conf', 'my conf.d'] }, " --glance-conf a.conf --glance-conf 'my conf.d'"],
  [{ databaseUrl: 'sqlite:////tmp/g.sqlite' }, ' --database-url sqlite:////tmp/g.sqlite'],
  [{ databaseUrl: 'sqlite:///my cloud.sqlite' }, " --database-url 'sqlite:///my cloud.sqlite'"],
  [{ databaseUrl: 'mysql://glance@db1/glance' }, ' --database-url mysql://glance@db1/glance'],
  [{ databaseUrl: 'mysql://glance:secret@db1/glance' }, ' --database-url ADDRESS'],
  // A parameter may hold a password too.
  [{ databaseUrl: 'postgresql://glance@db1/glance?sslmode=require' }, ' --database-url ADDRESS'],
] as const)('the commands suggested after %j end in %j', (given, tail) => {
  expect(commandTail(given)).toBe(tail);
});

const BY_ENVIRONMENT = { GLANCE_RETYPE_DATABASE_URL: 'sqlite:////environment' };
const URL_OPTION = { databaseUrl: 'sqlite:////option' };

describe('the database', () => {
  it('is that of the option before that of the environment', () => {
    expect(databaseSpec(URL_OPTION, BY_ENVIRONMENT)).toMatchObject({ kind: 'sqlite', path: '/option' });
    expect(databaseSpec({}, BY_ENVIRONMENT)).toMatchObject({ kind: 'sqlite', path: '/environment' });
    expect(() => databaseSpec({ glanceConf: ['/nonexistent.conf'] }, BY_ENVIRONMENT)).toThrow(/^GLANCE_CONF/);
  });

  it.each([{}, { GLANCE_RETYPE_DATABASE_URL: '' }])('must be named: %j names none', (environment) => {
    expect(() => databaseSpec({}, environment)).toThrow(/^DATABASE_URL[^]*none of them/);
    expect(isDatabaseNamed({ glanceConf: [] }, environment)).toBe(false);
  });

  it.each([
    [URL_OPTION, {}],
    [{ glanceConf: ['g'] }, {}],
    [{}, BY_ENVIRONMENT],
  ])('is named by %j and %j', (options, environment) => {
    expect(isDatabaseNamed(options, environment)).toBe(true);
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
