import type { Executor } from '../../database.ts';
import type { Privilege } from '../../dialect.ts';
import { missingFromGrants } from './grants.ts';
import type { MysqlServer } from './session.ts';

/**
 * Reads SHOW GRANTS of the session's account with its active roles. MariaDB lists the rights of the active role by itself;
 * MySQL lists them only when the roles are named.
 */
export async function missingMysqlPrivileges(
  executor: Executor,
  flavour: MysqlServer['flavour'],
  table: string,
  privileges: readonly Privilege[],
): Promise<readonly Privilege[]> {
  const [row] = await executor.query('SELECT DATABASE() AS name');
  const rows = await executor.query(`SHOW GRANTS${flavour === 'MySQL' ? await usingRoles(executor) : ''}`);
  const lines = rows.map((line) => String(Object.values(line)[0]));
  return missingFromGrants(lines, String(row?.['name']), table, privileges);
}

async function usingRoles(executor: Executor): Promise<string> {
  const [row] = await executor.query('SELECT CURRENT_ROLE() AS roles');
  const roles = row?.['roles'];
  return typeof roles === 'string' && roles !== 'NONE' && roles !== '' ? ` FOR CURRENT_USER() USING ${roles}` : '';
}
