import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { parseDatabaseUrl } from '../../../src/db/connection/url.ts';
import { run } from '../../../scripts/servers/private-server.ts';
import { askPython } from '../../support/python-oracle.ts';

/** Says to which server the real SQLAlchemy and PyMySQL would connect; null where they refuse. Connects to nothing. */
const ORACLE = `
import json, sys, pymysql
from sqlalchemy.engine import make_url
from sqlalchemy.dialects.mysql.pymysql import dialect
answers = []
for text in json.load(sys.stdin):
    try:
        url = make_url(text)
        arguments = dialect(dbapi=pymysql).create_connect_args(url)[1]
        arguments.pop('client_flag', None)
        c = pymysql.Connection(defer_connect=True, **arguments)
        tls = 'off'
        if c.ssl:
            tls = 'none' if c.ctx.verify_mode == 0 else 'identity' if c.ctx.check_hostname else 'ca'
        answers.append([c.host, c.port, c.user, c.password.decode('latin1'), c.db, c.unix_socket or None, tls])
    except Exception:
        answers.append(None)
json.dump(answers, sys.stdout)
`;

let root = '';
let certificate = '';
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'pymysql-'));
  certificate = join(root, 'ca.pem');
  const made = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=ca';
  await run('openssl', [...made.split(' '), '-keyout', join(root, 'key.pem'), '-out', certificate]);
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

/** Lines of an option file that PyMySQL tells apart. */
const line = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          'user',
          'password',
          'host',
          'database',
          'socket',
          'port',
          'User',
          'ssl',
          'bind-address',
          ' host',
        ),
        fc.constantFrom('=', ' = ', ': ', '= '),
        fc.constantFrom('a', '"b c"', "'d'", '"e\'', '3307', '"3308"', 'f#g', '', 'h=i', '"'),
      )
      .map((parts) => parts.join('')),
  },
  fc.constantFrom('[client]', '[tripleo]', '[DEFAULT]', '[client] ', '', '# x', '; y', 'ssl-verify-server-cert'),
);

/** What the address says, or leaves to the file. */
const address = fc.record({
  user: fc.constantFrom('', 'u@', 'u:p@', 'u:@'),
  host: fc.constantFrom('', 'db1', 'db1:3309'),
  database: fc.constantFrom('/glance', '/glance', ''),
  group: fc.constantFrom('', '&read_default_group=tripleo', '&read_default_group=client', '&read_default_group=none'),
  socket: fc.constantFrom('', '', '&unix_socket=/s'),
  authority: fc.constantFrom('', '', 'ssl-ca = AUTHORITY', 'ssl-ca: "AUTHORITY"'),
});

function ours(url: string): readonly unknown[] | null {
  try {
    const spec = parseDatabaseUrl(url, 'test');
    if (spec.kind !== 'mysql') return null;
    const [{ host, port }] = spec.hosts;
    const tls = spec.tls.kind === 'off' ? 'off' : spec.tls.tls.verify;
    return [host, port, spec.user, spec.password?.reveal() ?? '', spec.database, spec.socketPath, tls];
  } catch {
    return null;
  }
}

it('1,000 option files lead where the real PyMySQL goes (Debian packages python3-pymysql, python3-sqlalchemy)', () => {
  const cases = fc.sample(fc.tuple(fc.array(line, { maxLength: 9 }), address), { numRuns: 1_000, seed: 20_111_202 });
  const urls = cases.map(([lines, { user, host, database, group, socket, authority }], index) => {
    const file = join(root, `${index}.cnf`);
    writeFileSync(file, ['[client]', authority.replace('AUTHORITY', certificate), ...lines].join('\n'));
    // Both always name a user, because their own default is that of the system.
    return `mysql+pymysql://${user === '' ? 'u@' : user}${host}${database}?read_default_file=${file}${group}${socket}`;
  });
  const theirs = askPython(ORACLE, urls, 'PyMySQL and SQLAlchemy') as readonly (readonly unknown[] | null)[];
  // PyMySQL refuses a key or a group that is there twice; without a database it connects, and Glance fails later.
  const compared = urls.flatMap((url, index) => {
    const answer = theirs[index] ?? null;
    return answer === null || (answer[4] ?? '') === ''
      ? []
      : [{ url, case: cases[index], ours: ours(url), theirs: answer }];
  });
  expect(compared.filter((one) => JSON.stringify(one.ours) !== JSON.stringify(one.theirs))).toEqual([]);
  expect(compared.length).toBeGreaterThan(300);
  expect(compared.filter(({ theirs: answer }) => answer[6] === 'identity').length).toBeGreaterThan(20);
});
