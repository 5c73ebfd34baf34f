import type { Executor } from '../../database.ts';

/**
 * Why this server must not be written, or null. A user with SUPER can write to a read-only server; it still counts,
 * because such a server is a replica.
 */
export async function mysqlReadOnlyReason(executor: Executor): Promise<string | null> {
  const variables = await showValues(
    executor,
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('read_only', 'super_read_only', 'innodb_read_only', 'log_bin', 'wsrep_on')",
  );
  for (const name of ['super_read_only', 'read_only', 'innodb_read_only']) {
    const value = variables.get(name);
    if (value !== undefined && !['OFF', '0', 'NO_LOCK'].includes(value.toUpperCase()))
      return `the server has ${name} = ${value}`;
  }
  const session = await showValues(
    executor,
    "SHOW SESSION VARIABLES WHERE Variable_name IN ('binlog_format', 'tx_read_only', 'transaction_read_only')",
  );
  for (const name of ['tx_read_only', 'transaction_read_only']) {
    if (session.get(name) === 'ON') return `the server has ${name} = ON for every new session`;
  }
  if (variables.get('log_bin') === 'ON' && session.get('binlog_format') === 'STATEMENT') {
    return 'the server logs statements (binlog_format = STATEMENT), which forbids READ COMMITTED writes; set binlog_format = MIXED or ROW';
  }
  if (variables.get('wsrep_on') !== 'ON') return null;
  const status = await showValues(
    executor,
    "SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_ready', 'wsrep_cluster_status')",
  );
  if (status.get('wsrep_ready') === 'ON' && status.get('wsrep_cluster_status') === 'Primary') return null;
  return `this Galera node is not part of a primary component (wsrep_ready = ${status.get('wsrep_ready') ?? 'unknown'}, wsrep_cluster_status = ${status.get('wsrep_cluster_status') ?? 'unknown'})`;
}

export async function mysqlDataDirectory(executor: Executor): Promise<string | null> {
  const [row] = await executor.query('SELECT @@datadir AS directory, DATABASE() AS name');
  return `${String(row?.['directory'])}/${String(row?.['name'])}`;
}

async function showValues(executor: Executor, sql: string): Promise<ReadonlyMap<string, string>> {
  const rows = await executor.query(sql);
  return new Map(rows.map((row) => [String(row['Variable_name']).toLowerCase(), String(row['Value'])]));
}
