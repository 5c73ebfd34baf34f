import { describe, expect, it } from 'vitest';

import { REPLICA_PASSWORD, replicaOf } from '../../../src/commands/options/replica.ts';
import { parseDatabaseUrl } from '../../../src/db/connection/url.ts';
import { RetypeError } from '../../../src/model/error.ts';
import { refusal } from '../support/refusal.ts';

const MYSQL = 'mysql://glance:main-pw@db1/glance?ssl_ca=ca.pem';
const POSTGRES = 'postgresql://glance:main-pw@db1/glance?sslmode=require';

function read(text: string, database = MYSQL, environment: NodeJS.ProcessEnv = {}) {
  const { name, spec } = replicaOf(text, parseDatabaseUrl(database, 'test'), environment);
  const { host, port } = spec.kind === 'mysql' ? spec.hosts[0] : spec;
  return {
    name,
    at: `${host}:${port}`,
    user: spec.user,
    password: spec.password?.reveal() ?? null,
    database: spec.database,
    tls: spec.tls.kind,
  };
}

const SAME = { user: 'glance', password: 'main-pw', database: 'glance', tls: 'require' };

describe('the address of a replica', () => {
  it.each([
    ['db2', MYSQL, 'db2:3306'],
    ['db2:3307', MYSQL, 'db2:3307'],
    ['mysql://db2', MYSQL, 'db2:3306'],
    ['mariadb+pymysql://db2/', MYSQL, 'db2:3306'],
    ['db2', POSTGRES, 'db2:5432'],
    ['postgresql+psycopg2://db2:6432', POSTGRES, 'db2:6432'],
  ])('%s takes from the database what it leaves out', (text, database, at) => {
    expect(read(text, database)).toEqual({ ...SAME, name: at, at });
  });

  it('keeps what it names', () => {
    expect(read('mysql://watch:own-pw@db2/copy?ssl_disabled=true')).toEqual({
      name: 'db2:3306',
      at: 'db2:3306',
      user: 'watch',
      password: 'own-pw',
      database: 'copy',
      tls: 'off',
    });
    expect(read('[2001:db8::2]')).toMatchObject({ name: '[2001:db8::2]:3306', at: '2001:db8::2:3306' });
  });

  it.each([
    ['mysql://watch@db2', {}, 'watch', null],
    ['mysql://watch@db2', { [REPLICA_PASSWORD]: 'env-pw' }, 'watch', 'env-pw'],
    ['mysql://watch:own-pw@db2', { [REPLICA_PASSWORD]: 'env-pw' }, 'watch', 'own-pw'],
    ['mysql://glance@db2', {}, 'glance', 'main-pw'],
    ['mysql://glance@db2', { [REPLICA_PASSWORD]: 'env-pw' }, 'glance', 'env-pw'],
    ['db2', { [REPLICA_PASSWORD]: 'env-pw' }, 'glance', 'main-pw'],
  ])('%s with %j logs in as %s with %j', (text, environment, user, password) => {
    expect(read(text, MYSQL, environment)).toMatchObject({ user, password });
  });

  it.each([
    ['db1', 'another server', 'the database that is migrated'],
    ['postgresql://db2', 'a server like the database, mysql://', 'another kind'],
    ['sqlite:///g.db', 'a server like the database, mysql://', 'another kind'],
  ])('%s is refused', (text, expected, found) => {
    expect(refusal(() => read(text))).toEqual(['--replica', expected, found]);
  });

  it.each(['mysql://u:se@cret@db2:x', 'ftp://u:secret@db2', '', ' '])(
    'that cannot be read is refused without repeating it: %s',
    (text) => {
      let message = 'not refused';
      try {
        read(text);
      } catch (error) {
        message = error instanceof RetypeError ? JSON.stringify(error) + error.message : 'another error';
      }
      expect(message).not.toMatch(/another error|not refused|secret|se@cret|cret@/u);
    },
  );
});
