import type { Executor } from '../../database.ts';
import type { Privilege } from '../../dialect.ts';
import type { MysqlServer } from './session.ts';

/**
 * Reads SHOW GRANTS of the session's account with its active roles. MariaDB lists the rights of the active role by
 * itself; MySQL lists them only when the roles are named.
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

/** One line of SHOW GRANTS that concerns tables. */
interface Grant {
  readonly effect: 'grant' | 'revoke';
  readonly grantee: string;
  readonly privileges: ReadonlySet<string>;
  /** null: all databases. A LIKE pattern where `table` is null. */
  readonly database: string | null;
  /** null: all tables of the database. */
  readonly table: string | null;
}

const IDENTIFIER = '`(?:[^`]|``)*`';
const LINE = new RegExp(
  `^(GRANT|REVOKE) (.+?) ON (?:TABLE )?(\\*|${IDENTIFIER})\\.(\\*|${IDENTIFIER}) (?:TO|FROM) (\\S+)`,
  'i',
);

/**
 * The privileges on a table that the lines of SHOW GRANTS do not give; pure. A privilege on some columns only counts as
 * missing. As in the server, only the most specific of an account's matching database patterns counts, roles add up,
 * and MySQL's partial revokes take away.
 */
export function missingFromGrants(
  lines: readonly string[],
  database: string,
  table: string,
  wanted: readonly Privilege[],
): readonly Privilege[] {
  const grants = lines.map(parseGrant).filter((grant) => grant !== null);
  const grantees = new Set(grants.map((grant) => grant.grantee));
  return wanted.filter(
    (privilege) =>
      ![...grantees].some((grantee) =>
        holds(
          grants.filter((grant) => grant.grantee === grantee),
          database,
          table,
          privilege,
        ),
      ),
  );
}

function holds(grants: readonly Grant[], database: string, table: string, privilege: Privilege): boolean {
  const gives = (grant: Grant): boolean => grant.privileges.has(privilege) || grant.privileges.has('all privileges');
  const onTable = grants.filter((grant) => grant.database === database && grant.table === table);
  if (onTable.some(gives)) return true;

  const onDatabase = grants.filter(
    (grant) =>
      grant.effect === 'grant' &&
      grant.table === null &&
      grant.database !== null &&
      likeMatches(grant.database, database),
  );
  const mostSpecific = onDatabase.toSorted((a, b) => literalPrefix(b.database) - literalPrefix(a.database))[0];
  if (mostSpecific !== undefined && gives(mostSpecific)) return true;

  const revoked = grants.some(
    (grant) =>
      grant.effect === 'revoke' && grant.database !== null && unescape(grant.database) === database && gives(grant),
  );
  return !revoked && grants.some((grant) => grant.database === null && gives(grant));
}

function parseGrant(line: string): Grant | null {
  const match = LINE.exec(line);
  if (match === null) return null;
  const [, verb = '', privileges = '', database = '', table = '', grantee = ''] = match;
  return {
    effect: verb.toUpperCase() === 'GRANT' ? 'grant' : 'revoke',
    grantee,
    // Split at commas outside the parentheses of a column list; an entry with a list stays unequal to any privilege.
    privileges: new Set(privileges.split(/,\s*(?![^(]*\))/).map((word) => word.trim().toLowerCase())),
    database: database === '*' ? null : unquote(database),
    table: table === '*' ? null : unquote(table),
  };
}

function unquote(identifier: string): string {
  return identifier.slice(1, -1).replaceAll('``', '`');
}

function unescape(pattern: string): string {
  return pattern.replaceAll(/\\([_%\\])/g, '$1');
}

/** LIKE without case folding: `_` one character, `%` any, backslash escapes. */
function likeMatches(pattern: string, text: string): boolean {
  const source = pattern.replaceAll(/\\([_%\\])|[_%]|[^_%\\]|\\/g, (piece, escaped: string | undefined) => {
    if (escaped !== undefined) return escapeRegExp(escaped);
    if (piece === '_') return '.';
    return piece === '%' ? '.*' : escapeRegExp(piece);
  });
  return new RegExp(`^${source}$`, 'su').test(text);
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
}

/** Length of a pattern before its first wildcard; a pattern without any is the most specific. */
function literalPrefix(pattern: string | null): number {
  if (pattern === null) return -1;
  const wildcard = /(?<!\\)[_%]/.exec(pattern);
  return wildcard === null ? Number.POSITIVE_INFINITY : wildcard.index;
}
