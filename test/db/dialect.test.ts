import { describe, expect, it } from 'vitest';
import type { ColumnInfo } from '../../src/db/dialect.ts';
import type { Database } from '../../src/db/database.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../support/servers/engines.ts';

const IMAGES: Readonly<Record<EngineName, string>> = {
  mariadb: `CREATE TABLE images (
    id varchar(36) NOT NULL, name varchar(255) DEFAULT NULL, size bigint(20) DEFAULT NULL, deleted tinyint(1) NOT NULL,
    disk_format varchar(20) DEFAULT NULL, updated_at datetime DEFAULT NULL,
    PRIMARY KEY (id), KEY ix_images_deleted (deleted), CONSTRAINT c CHECK (deleted in (0,1))
  ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3`,
  postgres: `CREATE TABLE images (
    id varchar(36) NOT NULL PRIMARY KEY, name varchar(255), size bigint, deleted boolean NOT NULL,
    disk_format varchar(20), updated_at timestamp without time zone
  )`,
  sqlite: `CREATE TABLE images (
	id VARCHAR(36) NOT NULL, 
	name VARCHAR(255), 
	size BIGINT, 
	deleted BOOLEAN NOT NULL, 
	disk_format VARCHAR(20), 
	updated_at DATETIME, 
	PRIMARY KEY (id), 
	CHECK (deleted IN (0, 1))
)`,
};

async function openWithImages(engine: EngineName): Promise<Database> {
  const database = await openForTest((await withFreshDatabase(engine)).url);
  await database.execute(IMAGES[engine]);
  return database;
}

/** Everything the engine remembers of a table's shape. */
async function shape(database: Database, table: string): Promise<string> {
  if (database.dialect.name === 'mysql') {
    return JSON.stringify(await database.query('SHOW CREATE TABLE ??', [table]));
  }
  if (database.dialect.name === 'sqlite') {
    const rows = await database.query('SELECT sql FROM sqlite_master WHERE tbl_name = ? ORDER BY name', [table]);
    return JSON.stringify(rows);
  }
  const columns = await database.query(
    'SELECT column_name, data_type, column_default, is_nullable, character_maximum_length FROM information_schema.columns WHERE table_name = ? ORDER BY ordinal_position',
    [table],
  );
  return JSON.stringify([
    columns,
    await database.query('SELECT indexdef FROM pg_indexes WHERE tablename = ? ORDER BY 1', [table]),
  ]);
}

const TRUTH: readonly (readonly [string | null, string | null, boolean])[] = [
  ['raw', 'raw', true],
  ['raw', 'RAW', false],
  ['raw', 'raw ', false],
  ['', ' ', false],
  ['raw', null, false],
  [null, 'raw', false],
  [null, null, true],
  ['', null, false],
  ['', '', true],
  ['é', 'e', false],
  ['é', 'é', true],
  ['ß', 'ss', false],
];

describe.each(ENGINES)('the dialect of %s', (engine) => {
  it('compares bytes: case, blanks and accents count, NULL equals NULL', async () => {
    const database = await openForTest((await withFreshDatabase(engine)).url);
    const loose =
      engine === 'mariadb'
        ? 'varchar(9) CHARACTER SET utf8mb3 COLLATE utf8mb3_general_ci'
        : engine === 'sqlite'
          ? 'TEXT COLLATE NOCASE'
          : 'varchar(9)';
    await database.execute(`CREATE TABLE c (l ${loose}, r ${loose})`);
    for (const [left, right, same] of TRUTH) {
      await database.execute('DELETE FROM c');
      await database.execute('INSERT INTO c VALUES (?, ?)', [left, right]);
      const [columns] = await database.query(
        `SELECT COUNT(*) AS n FROM c WHERE ${database.dialect.sameBytes('l', 'r')}`,
      );
      const [bound] = await database.query(
        `SELECT COUNT(*) AS n FROM c WHERE ${database.dialect.sameBytes('l', '?')}`,
        [right],
      );
      expect([left, right, Number(columns?.['n']), Number(bound?.['n'])]).toEqual([
        left,
        right,
        Number(same),
        Number(same),
      ]);
    }
  });

  it('describes tables, and only base tables', async () => {
    const database = await openWithImages(engine);
    await database.execute('CREATE VIEW images_view AS SELECT id FROM images');
    expect(await database.dialect.listTables(database)).toEqual(['images']);
    expect(await database.dialect.describeTable(database, 'nothing')).toBeNull();
    expect(await database.dialect.describeTable(database, 'images_view')).toBeNull();
    const table = await database.dialect.describeTable(database, 'images');
    expect(table).toMatchObject({ name: 'images', engine: engine === 'mariadb' ? 'InnoDB' : null, triggers: [] });
    expect(table?.columns.map((column) => column.name)).toEqual([
      'id',
      'name',
      'size',
      'deleted',
      'disk_format',
      'updated_at',
    ]);
    const expected: ColumnInfo = {
      name: 'id',
      type: 'varchar(36)',
      nullable: false,
      charset: engine === 'mariadb' ? 'utf8mb3' : null,
      collation: engine === 'mariadb' ? 'utf8mb3_general_ci' : null,
    };
    expect(table?.columns[0]).toEqual(expected);
    expect(table?.columns[4]).toMatchObject({ type: 'varchar(20)', nullable: true });
  });

  it('names the triggers of a table', async () => {
    const database = await openWithImages(engine);
    if (engine === 'postgres') {
      await database.execute("CREATE FUNCTION f() RETURNS trigger AS 'BEGIN RETURN NEW; END' LANGUAGE plpgsql");
      await database.execute(
        'CREATE TRIGGER insert_visibility BEFORE INSERT ON images FOR EACH ROW EXECUTE FUNCTION f()',
      );
    } else if (engine === 'mariadb') {
      await database.execute(
        "CREATE TRIGGER insert_visibility BEFORE INSERT ON images FOR EACH ROW SET NEW.name = 'x'",
      );
    } else {
      await database.execute('CREATE TRIGGER insert_visibility BEFORE INSERT ON images BEGIN SELECT 1; END');
    }
    expect((await database.dialect.describeTable(database, 'images'))?.triggers).toEqual(['insert_visibility']);
  });

  it('adds columns and takes them away again without a trace', async () => {
    const database = await openWithImages(engine);
    await database.execute("INSERT INTO images (id, deleted) VALUES ('a', ?)", [engine === 'postgres' ? '0' : 0]);
    const before = await shape(database, 'images');
    const columns = [
      { name: 'image_type', length: 16 },
      { name: 'container_type', length: 16 },
      { name: 'order', length: 32 },
    ];
    for (const statement of database.dialect.addColumns('images', columns)) await database.execute(statement);
    expect(await database.query('SELECT image_type, container_type, ?? FROM images', ['order'])).toEqual([
      { image_type: null, container_type: null, order: null },
    ]);
    const names = columns.map((column) => column.name);
    for (const statement of database.dialect.dropColumns('images', names)) await database.execute(statement);
    expect(await shape(database, 'images')).toBe(before);
  });

  it('creates a table whose key takes over the type of another', async () => {
    const database = await openWithImages(engine);
    const [key] = (await database.dialect.describeTable(database, 'images'))?.columns ?? [];
    if (key === undefined) throw new Error('no column');
    const statements = database.dialect.createTable('retype_images', (table) => {
      table.specificType('image_id', database.dialect.columnType(key)).notNullable();
      table.string('word', 255).notNullable();
      table.text('detail', 'mediumtext').nullable();
      table.bigInteger('batch').notNullable();
      table.integer('count').nullable();
      table.primary(['word', 'image_id']);
    });
    expect(statements).toHaveLength(1);
    for (const statement of statements) await database.execute(statement);
    const made = await database.dialect.describeTable(database, 'retype_images');
    expect(made?.columns[0]).toEqual({ ...key, name: 'image_id' });
    expect(made?.engine).toBe(engine === 'mariadb' ? 'InnoDB' : null);
    await database.execute("INSERT INTO retype_images (image_id, word, detail, batch) VALUES ('x', 'w', ?, 1)", [
      'y'.repeat(70_000),
    ]);
    const [row] = await database.query('SELECT LENGTH(detail) AS n FROM retype_images');
    expect(Number(row?.['n'])).toBe(70_000);
  });

  it('updates one table from another and counts the rows matched', async () => {
    const database = await openWithImages(engine);
    await database.execute('CREATE TABLE j (image_id varchar(36) PRIMARY KEY, word varchar(20), batch integer)');
    await database.dialect.insertRows(
      database,
      'images',
      ['id', 'deleted', 'disk_format', 'name'],
      [
        ['a', '0', 'raw', null],
        ['b', '0', 'RAW', null],
        ['c', '0', null, 'done?'],
        ['d', '0', 'raw', null],
        ['e', '0', null, null],
      ],
    );
    await database.dialect.insertRows(
      database,
      'j',
      ['image_id', 'word', 'batch'],
      [
        ['a', 'raw', 1],
        ['b', 'raw', 1],
        ['c', null, 1],
        ['d', 'raw', 2],
        ['gone', 'raw', 1],
      ],
    );
    const matched = await database.transaction((trx) =>
      database.dialect.updateJoined(trx, {
        target: { table: 'images', alias: 't' },
        source: { table: 'j', alias: 's' },
        on: 't.id = s.image_id',
        set: { name: '?', disk_format: 's.word' },
        where: `s.batch = ? AND ${database.dialect.sameBytes('t.disk_format', 's.word')}`,
        bindings: ['done?', 1],
      }),
    );
    // c holds the new values already: matched all the same.
    expect(matched).toBe(2);
    expect(await database.query('SELECT id, name FROM images ORDER BY id')).toEqual([
      { id: 'a', name: 'done?' },
      { id: 'b', name: null },
      { id: 'c', name: 'done?' },
      { id: 'd', name: null },
      { id: 'e', name: null },
    ]);
  });

  it('updates one table from another by what a third one says, and counts the rows matched', async () => {
    const database = await openWithImages(engine);
    await database.execute('CREATE TABLE j (image_id varchar(36) PRIMARY KEY, decision varchar(9))');
    await database.execute('CREATE TABLE d (decision varchar(9) PRIMARY KEY, word varchar(20), just varchar(20))');
    for (const id of ['a', 'b', 'c']) {
      await database.execute('INSERT INTO images (id, deleted, disk_format) VALUES (?, ?, ?)', [id, '0', id]);
    }
    await database.execute("INSERT INTO j VALUES ('a', 'x'), ('b', 'y'), ('c', 'x'), ('gone', 'x')");
    await database.execute("INSERT INTO d VALUES ('x', 'ex', 'a'), ('y', 'why', NULL)");
    const matched = await database.dialect.updateJoined(database, {
      target: { table: 'images', alias: 'i' },
      source: { table: 'j', alias: 'r' },
      lookups: [{ table: 'd', alias: 'd', on: 'd.decision = r.decision' }],
      on: 'i.id = r.image_id',
      set: { name: 'd.word' },
      where: 'i.id <> ? AND (d.just IS NULL OR d.just = i.disk_format)',
      bindings: ['z'],
    });
    expect(matched).toBe(2);
    expect((await database.query('SELECT name FROM images ORDER BY id')).map((row) => row['name'])).toEqual([
      'ex',
      'why',
      null,
    ]);
  });

  it('leaves rows alone whose key is there already, and still fails on values that do not fit', async () => {
    const database = await openWithImages(engine);
    await database.execute('CREATE TABLE k (id varchar(4) PRIMARY KEY, word varchar(4) NOT NULL)');
    await database.dialect.insertMissingRows(database, 'k', ['id', 'word'], [['a', 'old']]);
    await database.dialect.insertMissingRows(
      database,
      'k',
      ['id', 'word'],
      [
        ['a', 'new'],
        ['b', 'b'],
      ],
    );
    await database.dialect.insertMissingRows(database, 'k', ['id', 'word'], []);
    const rows = async (): Promise<unknown> => database.query('SELECT id, word FROM k ORDER BY id');
    expect(await rows()).toEqual([
      { id: 'a', word: 'old' },
      { id: 'b', word: 'b' },
    ]);
    await expect(database.dialect.insertMissingRows(database, 'k', ['id', 'word'], [['c', null]])).rejects.toThrow();
    if (engine !== 'sqlite') {
      await expect(
        database.dialect.insertMissingRows(database, 'k', ['id', 'word'], [['d', 'too long']]),
      ).rejects.toThrow();
    }
    expect(await rows()).toHaveLength(2);
  });

  it('makes views, and lists them apart from tables', async () => {
    const database = await openWithImages(engine);
    await database.execute("INSERT INTO images (id, deleted) VALUES ('a', ?)", [engine === 'postgres' ? '0' : 0]);
    for (const statement of database.dialect.createView('seen', 'SELECT id FROM images'))
      await database.execute(statement);
    expect(await database.dialect.listViews(database)).toEqual(['seen']);
    expect(await database.dialect.listTables(database)).toEqual(['images']);
    expect(await database.query('SELECT id FROM seen')).toEqual([{ id: 'a' }]);
    for (const statement of database.dialect.dropView('seen')) await database.execute(statement);
    expect(await database.dialect.listViews(database)).toEqual([]);
  });

  it('notices when rows may have been numbered anew, where they have numbers', async () => {
    const database = await openWithImages(engine);
    for (const id of ['a', 'b', 'c'])
      await database.execute('INSERT INTO images (id, deleted) VALUES (?, ?)', [id, '0']);
    await database.execute("DELETE FROM images WHERE id = 'a'");
    const numbered = await database.dialect.rowNumbering(database);
    await database.execute("UPDATE images SET name = 'x'");
    expect(await database.dialect.rowNumbering(database)).toBe(numbered);
    if (engine !== 'sqlite') {
      expect([database.dialect.rowNumber, numbered]).toEqual([null, '']);
      return;
    }
    await database.execute('VACUUM');
    expect(await database.dialect.rowNumbering(database)).not.toBe(numbered);
  });

  it('counts statements and bytes', async () => {
    const database = await openWithImages(engine);
    const before = database.usage();
    await database.transaction(async (trx) => {
      await trx.query(`SELECT '${'x'.repeat(10_000)}' AS x`);
      await database.dialect.insertRows(trx, 'images', ['id', 'deleted'], [['a', '0']]);
    });
    const after = database.usage();
    expect(after.statements - before.statements).toBe(4);
    const least = engine === 'sqlite' ? 0 : 10_000;
    expect(after.bytesSent - before.bytesSent).toBeGreaterThanOrEqual(least);
    expect(after.bytesReceived - before.bytesReceived).toBeGreaterThanOrEqual(least);
  });

  it('quotes identifiers that hold quotes', async () => {
    const database = await openForTest((await withFreshDatabase(engine)).url);
    const name = 'od"d `na\'me';
    await database.execute(`CREATE TABLE ${database.dialect.quote(name)} (${database.dialect.quote(name)} integer)`);
    expect(await database.dialect.listTables(database)).toEqual([name]);
    expect((await database.dialect.describeTable(database, name))?.columns[0]?.name).toBe(name);
  });

  it('takes part in transactions with its DDL exactly where it says so', async () => {
    const database = await openWithImages(engine);
    await expect(
      database.transaction(async (trx) => {
        await trx.execute('CREATE TABLE made (id integer)');
        throw new Error('undo');
      }),
    ).rejects.toThrow('undo');
    expect((await database.dialect.listTables(database)).includes('made')).toBe(!database.dialect.transactionalDdl);
  });
});

describe.runIf(ENGINES.includes('mariadb'))('sameBytes on MariaDB', () => {
  it('compares columns of different character sets', async () => {
    const database = await openForTest((await withFreshDatabase('mariadb')).url);
    await database.execute('CREATE TABLE c (l varchar(9) CHARACTER SET latin1, r varchar(9) CHARACTER SET utf8mb4)');
    for (const [left, right, same] of TRUTH) {
      await database.execute('DELETE FROM c');
      await database.execute('INSERT INTO c VALUES (?, ?)', [left, right]);
      const [row] = await database.query(`SELECT COUNT(*) AS n FROM c WHERE ${database.dialect.sameBytes('l', 'r')}`);
      expect([left, right, Number(row?.['n'])]).toEqual([left, right, Number(same)]);
    }
  });
});
