import { expect, it } from 'vitest';

import { commandTail } from '../../../src/commands/options/database.ts';

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
