import { describe, expect, it } from 'vitest';
import type { DriverRow, Executor } from '../../../../src/db/database.ts';
import { mysqlReadOnlyReason } from '../../../../src/db/engines/mysql/introspect.ts';

/** A server with these variables; the ones of the session and those of a cluster among them. */
function server(variables: Readonly<Record<string, string>>): Executor {
  const rows = Object.entries(variables).map(([name, value]): DriverRow => ({ Variable_name: name, Value: value }));
  return {
    query: async (sql) =>
      Promise.resolve(rows.filter((row) => String(sql).includes(`'${String(row['Variable_name'])}'`))),
    execute: async () => Promise.reject(new Error('nothing is written')),
  };
}

describe('mysqlReadOnlyReason', () => {
  it.each([
    [{ read_only: 'OFF', super_read_only: 'OFF', innodb_read_only: 'OFF' }, null],
    [{ read_only: 'ON' }, 'the server has read_only = ON'],
    [{ read_only: 'ON', super_read_only: 'ON' }, 'the server has super_read_only = ON'],
    [{ read_only: 'NO_LOCK' }, null],
    [{ transaction_read_only: 'ON' }, 'the server has transaction_read_only = ON for every new session'],
    [{ log_bin: 'ON', binlog_format: 'ROW' }, null],
    [{ log_bin: 'OFF', binlog_format: 'STATEMENT' }, null],
    [{ wsrep_on: 'ON', wsrep_ready: 'ON', wsrep_cluster_status: 'Primary' }, null],
    [
      { wsrep_on: 'ON', wsrep_ready: 'OFF' },
      'this Galera node is not part of a primary component (wsrep_ready = OFF, wsrep_cluster_status = unknown)',
    ],
  ])('of %j is %s', async (variables, reason) => {
    expect(await mysqlReadOnlyReason(server(variables as Readonly<Record<string, string>>))).toBe(reason);
  });

  it('names statement-based logging, which forbids READ COMMITTED writes', async () => {
    const reason = await mysqlReadOnlyReason(server({ log_bin: 'ON', binlog_format: 'STATEMENT' }));
    expect(reason).toMatch(/binlog_format = STATEMENT.*set binlog_format = MIXED or ROW/);
  });
});
