import { RetypeError, type Problem } from '../../model/error.ts';
import { splitServerAddress } from './address-parts.ts';
import type { ConnectionSpec, SqliteSpec } from './spec.ts';
import { mysqlSpec } from './mysql-address.ts';
import { postgresSpec } from './postgres-address.ts';

const MYSQL = /^(?:mysql|mariadb)(?:\+\w+)?$/;
const POSTGRES = /^(?:postgresql|postgres)(?:\+\w+)?$/;
const SQLITE = /^sqlite(?:\+\w+)?$/;

const FORMS = 'mysql://USER:PASSWORD@HOST/DATABASE, postgresql://USER:PASSWORD@HOST/DATABASE or sqlite:///PATH';

/**
 * Reads a database address: the URL forms of SQLAlchemy (driver suffixes such as `mysql+pymysql` are accepted and mean
 * nothing here), with its rules for decoding: user, password, database and query arguments are percent-decoded, a
 * SQLite path is taken literally.
 *
 * @param place where the address was given, for the message: `--database-url`, `glance-api.conf [database] connection`.
 * @throws RetypeError DATABASE_URL with everything that is wrong. No message repeats more of the address than its
 *   scheme, because any other part may be a misplaced password.
 */
export function parseDatabaseUrl(text: string, place: string): ConnectionSpec {
  const match = /^([A-Za-z][\w+]*):(.*)$/s.exec(text.trim());
  const scheme = match?.[1]?.toLowerCase();
  const rest = match?.[2];
  if (scheme === undefined || rest === undefined) {
    throw refusal({
      place,
      expected: FORMS,
      found: text.trim() === '' ? 'nothing' : 'no scheme; a plain file path is not an address',
      advice: 'for a SQLite file write sqlite:///PATH (four slashes before an absolute path)',
    });
  }
  if (SQLITE.test(scheme)) return sqliteSpec(rest, place);
  const reader = MYSQL.test(scheme) ? mysqlSpec : POSTGRES.test(scheme) ? postgresSpec : null;
  if (reader === null) {
    throw refusal({
      place,
      expected: FORMS,
      // A scheme longer than any known one is more likely a piece of something else.
      found: scheme.length <= 24 ? `the scheme ${scheme}` : 'an unknown scheme',
      advice: 'name a MySQL, MariaDB, PostgreSQL or SQLite database',
    });
  }

  const problems: Problem[] = [];
  const report = (expected: string, found: string, advice: string): void => {
    problems.push({ place, expected, found, advice });
  };
  const spec = reader(splitServerAddress(rest, report), report);
  const [first, ...others] = problems;
  if (first !== undefined) throw refusal([first, ...others]);
  return spec;
}

function sqliteSpec(rest: string, place: string): SqliteSpec {
  const [path = ''] = (rest.startsWith('//') ? rest.slice(2).replace(/^\//, '') : rest).split('?');
  const inMemory = path === '' || path === ':memory:';
  if (inMemory || path.startsWith('file:') || (rest.startsWith('//') && !rest.startsWith('///'))) {
    throw refusal({
      place,
      expected: 'sqlite:///PATH (relative) or sqlite:////PATH (absolute)',
      found: inMemory ? 'no file, or an in-memory database' : 'another form of sqlite address',
      advice: 'name the file that holds the Glance database',
    });
  }
  return { kind: 'sqlite', path };
}

function refusal(problems: Problem | readonly [Problem, ...Problem[]]): RetypeError {
  return new RetypeError('DATABASE_URL', problems);
}
