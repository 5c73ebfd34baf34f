import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createEra } from '../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../scripts/fixtures/eras/eras.ts';
import { startMariadb } from '../../scripts/servers/mariadb.ts';
import type { PrivateServer } from '../../scripts/servers/private-server.ts';
import type { Database } from '../../src/db/database.ts';
import { openDatabase } from '../../src/db/engines/open.ts';
import { parseDatabaseUrl } from '../../src/db/connection/url.ts';
import { trialObjections, writeObjections } from '../../src/run/write-hazards.ts';
import { runCommand } from '../support/program/command.ts';
import { adminUrl, ENGINES, openForTest, withFreshDatabase } from '../support/servers/engines.ts';
import { COLUMNS, openBench, schemaText } from '../support/cloud/migration.ts';

/** What becomes of the commands under a setting: `same`, the result as without it, or the code that they refuse by. */
type Fate = string;

/** What a migration stores, but for its times. */
async function resultOf(database: Database): Promise<string> {
  const images = await database.query('SELECT * FROM images ORDER BY id');
  const journal = await database.query(
    `SELECT image_id, status, image_type, container_type, envelope, rule, decision_key, candidates, evidence, findings
     FROM retype_images ORDER BY image_id`,
  );
  return createHash('sha256')
    .update(JSON.stringify([images, journal].map((rows) => rows.map((row) => Object.entries(row).map(String)))))
    .digest('hex');
}

/** plan, expand, migrate, verify, rollback. @returns what migrate stored, or the code of the refusal. */
async function fateOf(url: string, plain: string): Promise<string> {
  const steps = [['plan'], ['expand', '--yes'], ['migrate', '--yes'], ['verify']];
  for (const argv of steps) {
    const { code, text } = await runCommand(url, ...argv);
    if (code !== 0) return `${argv[0]}: ${text.split('\n').slice(0, 4).join(' ')}`;
  }
  const database = await openDatabase(parseDatabaseUrl(plain, 'test'), 'read-write');
  const result = await resultOf(database);
  await database.close();
  const { code, text } = await runCommand(url, 'rollback', '--yes');
  return code === 0 ? result : `rollback: ${text}`;
}

function expectFate(found: string, fate: Fate, reference: string): void {
  if (fate === 'same') expect(found).toBe(reference);
  else expect(found).toMatch(new RegExp(`^\\w+: ${fate}:`, 'u'));
}

describe.runIf(ENGINES.includes('mariadb'))('a MariaDB server with', () => {
  let server: PrivateServer;
  let reference = '';

  async function cloud(): Promise<{ readonly url: string; readonly plain: string }> {
    const name = `t_${randomUUID().slice(0, 8)}`;
    await server.createDatabase(name);
    const root = server.url(name);
    const database = await openDatabase(parseDatabaseUrl(root, 'test'), 'read-write');
    await createEra(database, eraNamed('newest'));
    await database.close();
    await server.admin(`GRANT ALL PRIVILEGES ON ${name}.* TO glance@'%'`);
    return { url: root.replace('root@', 'glance@'), plain: root };
  }

  beforeAll(async () => {
    // Names of tables in lower case, and a limit on connections at all: settings of the start alone.
    server = await startMariadb({ options: ['--lower-case-table-names=1', '--max-user-connections=1000'] });
    await server.admin("CREATE USER glance@'%'");
    const { url, plain } = await cloud();
    reference = await fateOf(url, plain);
    expect(reference).toMatch(/^[0-9a-f]{64}$/u);
  });

  afterAll(async () => {
    await server.stop();
  });

  it.each<[string, string, Fate]>([
    ['sql_mode', "'ANSI'", 'same'],
    ['sql_mode', "'ORACLE'", 'same'],
    ['sql_mode', "'TRADITIONAL'", 'same'],
    ['sql_mode', "''", 'same'],
    [
      'sql_mode',
      "'NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT,PAD_CHAR_TO_FULL_LENGTH,HIGH_NOT_PRECEDENCE,IGNORE_SPACE'",
      'same',
    ],
    ['autocommit', '0', 'same'],
    ['tx_isolation', "'SERIALIZABLE'", 'same'],
    ['tx_isolation', "'READ-UNCOMMITTED'", 'same'],
    ['innodb_lock_wait_timeout', '1', 'same'],
    ['lock_wait_timeout', '1', 'same'],
    ['sql_safe_updates', '1', 'same'],
    ['foreign_key_checks', '0', 'same'],
    ['unique_checks', '0', 'same'],
    ['character_set_server', 'latin1', 'same'],
    ['collation_connection', 'latin1_bin', 'same'],
    ['character_set_client', 'latin1', 'same'],
    ['max_allowed_packet', '65536', 'same'],
    ['tmp_table_size', '1024', 'same'],
    ['max_heap_table_size', '16384', 'same'],
    ['net_read_timeout', '1', 'same'],
    ['net_write_timeout', '1', 'same'],
    ['wait_timeout', '2', 'same'],
    ['max_statement_time', '0.05', 'same'],
    ['sql_select_limit', '3', 'same'],
    ['max_join_size', '2', 'same'],
    ['group_concat_max_len', '8', 'same'],
    ['default_storage_engine', 'MyISAM', 'same'],
    ['innodb_default_row_format', 'compact', 'same'],
    ['innodb_strict_mode', '0', 'same'],
    ['explicit_defaults_for_timestamp', '0', 'same'],
    ['sql_auto_is_null', '1', 'same'],
    ['low_priority_updates', '1', 'same'],
    ['time_zone', "'+05:45'", 'same'],
    ['lc_time_names', "'de_DE'", 'same'],
    ['old_mode', "'NO_PROGRESS_INFO'", 'same'],
    ['div_precision_increment', '0', 'same'],
    ['tx_read_only', '1', 'SERVER_READ_ONLY'],
    ['init_connect', "'SET sql_mode = ANSI_QUOTES, autocommit = 0, NAMES latin1'", 'same'],
    ['init_connect', "'this is no SQL'", 'DATABASE_\\w+'],
    ['binlog_format', "'STATEMENT'", 'same'],
    ['completion_type', "'CHAIN'", 'same'],
    ['completion_type', "'RELEASE'", 'same'],
    ['max_user_connections', '1', 'same'],
    ['max_user_connections', '4', 'same'],
    ['read_only', '1', 'SERVER_READ_ONLY'],
    ['require_secure_transport', '1', 'DATABASE_LOGIN'],
  ])('%s = %s', async (name, value, fate) => {
    const { url, plain } = await cloud();
    await server.admin(`SET @@GLOBAL.${name} = ${value}`);
    const found = await fateOf(url, plain);
    await server.admin(`SET @@GLOBAL.${name} = DEFAULT`);
    expectFate(found, fate, reference);
  });
});

describe.runIf(ENGINES.includes('postgres'))('a PostgreSQL database with', () => {
  let reference = '';

  async function cloud() {
    const fresh = await withFreshDatabase('postgres');
    await createEra(await openForTest(fresh.url), eraNamed('newest'));
    return fresh.url;
  }

  it('nothing unusual is what the others are compared with', async () => {
    const url = await cloud();
    reference = await fateOf(url, url);
    expect(reference).toMatch(/^[0-9a-f]{64}$/u);
  });

  it.each<[string, string, Fate]>([
    ['default_transaction_read_only', 'on', 'SERVER_READ_ONLY'],
    ['default_transaction_isolation', 'serializable', 'same'],
    ['default_transaction_deferrable', 'on', 'same'],
    ['statement_timeout', "'1ms'", 'same'],
    ['lock_timeout', "'1ms'", 'same'],
    ['idle_in_transaction_session_timeout', "'1ms'", 'same'],
    ['search_path', 'elsewhere', 'NOT_GLANCE'],
    ['search_path', 'elsewhere, public', 'same'],
    ['row_security', 'off', 'same'],
    ['standard_conforming_strings', 'off', 'same'],
    ['backslash_quote', 'off', 'same'],
    ['bytea_output', 'escape', 'same'],
    ['DateStyle', "'SQL, DMY'", 'same'],
    ['IntervalStyle', 'sql_standard', 'same'],
    ['TimeZone', "'Asia/Kathmandu'", 'same'],
    ['client_encoding', 'LATIN1', 'same'],
    ['client_encoding', 'SQL_ASCII', 'same'],
    ['extra_float_digits', '-15', 'same'],
    ['work_mem', "'64kB'", 'same'],
    ['transform_null_equals', 'on', 'same'],
    ['quote_all_identifiers', 'on', 'same'],
    ['synchronous_commit', 'off', 'same'],
    ['plan_cache_mode', 'force_generic_plan', 'same'],
    ['enable_indexscan', 'off', 'same'],
    ['enable_hashjoin', 'off', 'same'],
    ['client_min_messages', 'debug5', 'same'],
    ['lc_messages', "'C'", 'same'],
    ['session_replication_role', 'replica', 'same'],
    ['default_table_access_method', 'heap', 'same'],
    ['array_nulls', 'off', 'same'],
    ['check_function_bodies', 'off', 'same'],
  ])('%s = %s', async (name, value, fate) => {
    const url = await cloud();
    const database = new URL(url).pathname.slice(1);
    await (await openForTest(adminUrl('postgres'))).execute(`ALTER DATABASE ${database} SET ${name} = ${value}`);
    expectFate(await fateOf(url, url), fate, reference);
  });
});

describe('what stands in images itself', () => {
  const OWN_COLUMN = { mariadb: 'updated_at', postgres: 'updated_at', sqlite: 'updated_at' } as const;

  it.each(ENGINES)(
    'a trigger that sets updated_at is refused by expand and migrate, and left to target table (%s)',
    async (engine) => {
      const fresh = await withFreshDatabase(engine);
      const database = await openForTest(fresh.url);
      await createEra(database, eraNamed('newest'));
      const make: Readonly<Record<typeof engine, readonly string[]>> = {
        mariadb: [`CREATE TRIGGER touch BEFORE UPDATE ON images FOR EACH ROW SET NEW.${OWN_COLUMN[engine]} = NOW()`],
        postgres: [
          `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.${OWN_COLUMN[engine]} := now(); RETURN NEW; END $$`,
          'CREATE TRIGGER touch BEFORE UPDATE ON images FOR EACH ROW EXECUTE FUNCTION touch()',
        ],
        sqlite: [
          `CREATE TRIGGER touch AFTER UPDATE ON images BEGIN UPDATE images SET ${OWN_COLUMN[engine]} = CURRENT_TIMESTAMP WHERE id = NEW.id; END`,
        ],
      };
      expect((await runCommand(fresh.url, 'expand', '--yes')).code).toBe(0);
      for (const statement of make[engine]) await database.execute(statement);
      const migrate = await runCommand(fresh.url, 'migrate', '--yes');
      expect([migrate.code, migrate.text]).toEqual([
        5,
        expect.stringMatching(/^TRIGGER_WRITES[^]*trigger touch on images/u),
      ]);
      await database.execute(engine === 'postgres' ? 'DROP TRIGGER touch ON images' : 'DROP TRIGGER touch');
      expect((await runCommand(fresh.url, 'rollback', '--yes')).code).toBe(0);
      const again = engine === 'postgres' ? make[engine].slice(1) : make[engine];
      for (const statement of again) await database.execute(statement);
      const before = await schemaText(database);
      expect((await runCommand(fresh.url, 'expand', '--yes')).text).toMatch(/^TRIGGER_WRITES/u);
      expect(await schemaText(database)).toBe(before);
      for (const argv of [
        ['expand', '--target', 'table', '--yes'],
        ['migrate', '--yes'],
        ['verify'],
        ['rollback', '--yes'],
      ]) {
        const { code, text } = await runCommand(fresh.url, ...argv);
        expect([argv[0], code, text]).toEqual([argv[0], 0, text]);
      }
    },
  );

  it.runIf(ENGINES.includes('mariadb'))(
    'a trigger that the account may not read is refused, and found by what it does',
    async () => {
      const fresh = await withFreshDatabase('mariadb');
      const database = await openForTest(fresh.url);
      await createEra(database, eraNamed('newest'));
      const name = new URL(fresh.url).pathname.slice(1);
      await database.execute(`CREATE USER 'u_${name}'@'%' IDENTIFIED BY 'pw'`);
      await database.execute(
        `GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, CREATE VIEW, ALTER, DROP ON ${name}.* TO 'u_${name}'@'%'`,
      );
      const url = fresh.urlAs(`u_${name}`, 'pw');
      const expand = await runCommand(url, 'expand', '--yes');
      expect([expand.code, expand.text]).toEqual([0, expect.stringContaining('no TRIGGER privilege')]);
      const bench = await openBench(url);
      expect(await trialObjections(bench.context(), COLUMNS)).toEqual([]);

      await database.execute('CREATE TRIGGER touch BEFORE UPDATE ON images FOR EACH ROW SET NEW.updated_at = NOW()');
      const rows = await database.query('SELECT id, updated_at FROM images ORDER BY id');
      const migrate = await runCommand(url, 'migrate', '--yes');
      expect([migrate.code, migrate.text]).toEqual([5, expect.stringMatching(/^TRIGGER_WRITES[^]*lacks TRIGGER/u)]);
      // MySQL does not even tell the name: there the trial is all there is.
      expect(await trialObjections(bench.context(), COLUMNS)).toMatchObject([
        { code: 'TRIGGER_WRITES', found: expect.stringContaining('changes updated_at as well') as string },
      ]);
      expect(await database.query('SELECT id, updated_at FROM images ORDER BY id')).toEqual(rows);
      await database.execute('DROP TRIGGER touch');
      expect((await runCommand(url, 'migrate', '--yes')).code).toBe(0);
    },
  );

  it('too little room for the journal is named, where the server keeps its files on this machine', async () => {
    const fresh = await withFreshDatabase(ENGINES[0] ?? 'sqlite');
    await createEra(await openForTest(fresh.url), eraNamed('newest'));
    const { writer, schema } = await openBench(fresh.url);
    // A file system without a single free block.
    const full = { ...writer.dialect, dataDirectory: async () => Promise.resolve('/proc') };
    const label = 'localhost:3306/glance';
    const at = { dialect: full, label, query: writer.query.bind(writer) } as unknown as Database;
    expect(await writeObjections(at, schema, COLUMNS)).toMatchObject([{ code: 'DISK_ROOM', place: '/proc' }]);
    const elsewhere = { ...at, label: 'db.example:3306/glance' } as unknown as Database;
    expect(await writeObjections(elsewhere, schema, COLUMNS)).toEqual([]);
  });

  it.runIf(ENGINES.includes('mariadb'))('system versioning is named, and target table works beside it', async () => {
    const fresh = await withFreshDatabase('mariadb');
    const database = await openForTest(fresh.url);
    await createEra(database, eraNamed('newest'));
    await database.execute('ALTER TABLE images ADD SYSTEM VERSIONING');
    expect((await runCommand(fresh.url, 'plan')).code).toBe(0);
    const { code, text } = await runCommand(fresh.url, 'expand', '--yes');
    expect([code, text]).toEqual([5, expect.stringMatching(/^TABLE_VERSIONED[^]*DROP SYSTEM VERSIONING/u)]);
    for (const argv of [
      ['expand', '--target', 'table', '--yes'],
      ['migrate', '--yes'],
      ['verify'],
      ['rollback', '--yes'],
    ]) {
      expect([argv[0], (await runCommand(fresh.url, ...argv)).code]).toEqual([argv[0], 0]);
    }
  });

  it.runIf(ENGINES.includes('postgres'))('row-level security and a rule on updates are named', async () => {
    const fresh = await withFreshDatabase('postgres');
    const database = await openForTest(fresh.url);
    await createEra(database, eraNamed('newest'));
    await database.execute('CREATE RULE echo AS ON UPDATE TO images DO ALSO NOTIFY images');
    expect((await runCommand(fresh.url, 'expand', '--yes')).text).toMatch(/^TRIGGER_WRITES[^]*rule echo on images/u);
    const name = new URL(fresh.url).pathname.slice(1);
    await database.execute(`CREATE ROLE u_${name} LOGIN`);
    await database.execute(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO u_${name}`);
    await database.execute('ALTER TABLE images ENABLE ROW LEVEL SECURITY');
    const plan = await runCommand(fresh.urlAs(`u_${name}`, ''), 'plan');
    expect([plan.code, plan.text]).toEqual([5, expect.stringMatching(/^ROWS_HIDDEN[^]*table images/u)]);
    expect((await runCommand(fresh.url, 'plan')).code).toBe(0);
  });
});
