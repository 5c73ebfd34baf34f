import { randomUUID } from 'node:crypto';

import { runStatements } from '../../../scripts/fixtures/eras/create-era.ts';
import { newestSchema } from '../../../scripts/fixtures/eras/eras.ts';
import type { Database, Executor } from '../../../src/db/database.ts';
import { openForTest, withFreshDatabase, type EngineName } from '../servers/engines.ts';

/** Text that does harm where it is taken for something else than text. */
const HOSTILE: readonly string[] = [
  // Markup and scripts.
  '<script>pwned()</script>',
  '"><img src=x onerror=pwned()>',
  "'-pwned()-'",
  '</script><script>pwned()</script>',
  '</style></textarea><svg onload=pwned()>',
  '<!-- pwned',
  ']]>',
  '{{7*7}}${7*7}#{7*7}',
  'javascript:pwned()',
  '&lt;b&gt; &amp; &#60;',
  // Formulas.
  "=cmd|'/c calc'!A1",
  '+1+1',
  '-2+3',
  '@SUM(1;1)',
  '\t=1+1',
  '\r=1+1',
  '＝1+1',
  '＠SUM(1)',
  "'=1+1",
  "'",
  'a;=1+1',
  // Commands to a terminal.
  '\u001B]0;pwned\u0007',
  '\u001B[2J\u001B[H',
  '\u001B]8;;http://pwned.invalid\u001B\\link\u001B]8;;\u001B\\',
  '\u001B[31mred\u001B[0m',
  '\u009B2J',
  '\u009D0;pwned\u009C',
  '\u0090q\u009C',
  'a\b\b\bb\rc\u007F',
  '\u000E\u000F\u0005',
  // YAML.
  '- a: &x !!js/function "pwned"',
  'answer: disk/raw\nanswers:\n  - images: [all]',
  '? : *x',
  '# pwned',
  '---\n...\n',
  '%TAG ! pwned',
  '{a: [',
  '| >',
  'yes',
  '~',
  '0x1f',
  '2026-11-24',
  // JSON and SQL.
  '"}],"images":[{"',
  '\\"\\u0000\\',
  "'; DROP TABLE images; --",
  // Formats and shells.
  '%s%n%x',
  '$(touch pwned)`touch pwned`;touch pwned',
  '../../../../etc/passwd',
  'file:///etc/passwd',
  // Letters.
  '\u202Egnp.exe',
  '\u2066a\u2069\u200F\u061C',
  '👩\u200D👩\u200D👧 💾',
  '日本語 ﾊﾝｶｸ',
  'שלום 12 345',
  'مرحبا',
  `a${'\u0301'.repeat(60)}`,
  'e\u0301',
  '\u2028\u2029\u0085',
  '\uFEFFbom',
  'half \uD83D',
  '\uDE00half',
  // Nothing, nearly.
  '',
  ' ',
  'NULL',
  'null',
  '\n',
  'line\r\nbreak',
];

/** A row as the database gives it back. */
export interface HostileRow {
  readonly image_id: string;
  readonly name: string | null;
  readonly owner: string | null;
  readonly status_glance: string;
  readonly disk_format: string | null;
  readonly container_format: string | null;
}

export interface HostileCloud {
  readonly url: string;
  readonly database: Database;
  /** As another reader sees them: what an encoding cannot hold was replaced when it was written. */
  readonly rows: readonly HostileRow[];
}

const COLUMNS = [
  'id, name, owner, status, disk_format, container_format',
  'size, created_at, deleted, min_disk, min_ram, protected, visibility, os_hidden',
].join(', ');

/** False, as every engine takes it. */
const NO = '0';

/** A Glance database of the newest schema with hostile text in every column that takes text. Only inside a test. */
export async function hostileCloud(engine: EngineName): Promise<HostileCloud> {
  const { url } = await withFreshDatabase(engine);
  const database = await openForTest(url);
  const dialect = engine === 'mariadb' ? 'mysql' : engine;
  await runStatements(
    database,
    newestSchema(dialect).map((statement) => statement.replaceAll('utf8mb3', 'utf8mb4')),
  );
  const texts = [
    ...HOSTILE,
    ...(engine === 'postgres' ? [] : ['nul\u0000inside', '\u0000']),
    ...(engine === 'sqlite' ? [`${'long '.repeat(13_107)}<script>`] : []),
  ];
  await database.transaction(async (trx) => {
    for (const [index, text] of texts.entries()) await insertAll(trx, engine, text, index);
  });
  return { url, database, rows: await rowsOf(database) };
}

async function insertAll(trx: Executor, engine: EngineName, given: string, index: number): Promise<void> {
  // Half a character cannot be stored as UTF-8; what a driver makes of it is not our text.
  const text = Buffer.from(given).toString();
  const fit = (length: number): string => (engine === 'sqlite' ? text : Array.from(text).slice(0, length).join(''));
  const row = { name: fit(255), owner: fit(255), status: 'active', disk: 'raw', container: 'bare' };
  // Servers compare keys by a collation, by which many of these are equal.
  const id = engine === 'sqlite' ? text : `${index} ${fit(30)}`;
  const everywhere = randomUUID();
  await insert(trx, { ...row, id: everywhere, disk: fit(20), container: fit(20) });
  await insert(trx, { ...row, id: randomUUID() });
  await insert(trx, { ...row, id: randomUUID(), status: fit(30) });
  await insert(trx, { ...row, id, disk: 'qcow2' });
  const properties = { [fit(255)]: text, kernel_id: text, ramdisk_id: text, os_type: text, img_type: text };
  for (const [name, value] of Object.entries(properties)) {
    await trx.execute(
      'INSERT INTO image_properties (image_id, name, value, created_at, deleted) VALUES (?, ?, ?, ?, ?)',
      [everywhere, name, value, '2026-11-24 00:00:00', NO],
    );
  }
}

async function insert(
  trx: Executor,
  row: Readonly<Record<'id' | 'name' | 'owner' | 'status' | 'disk' | 'container', string>>,
): Promise<void> {
  const values = [row.id, row.name, row.owner, row.status, row.disk, row.container];
  const others = [1024, '2026-11-24 00:00:00', NO, 0, 0, NO, 'shared', NO];
  await trx.execute(`INSERT INTO images (${COLUMNS}) VALUES (${'?, '.repeat(13)}?)`, [...values, ...others]);
}

async function rowsOf(database: Database): Promise<readonly HostileRow[]> {
  const rows = await database.query(
    'SELECT id AS image_id, name, owner, status AS status_glance, disk_format, container_format FROM images',
  );
  return rows as unknown as readonly HostileRow[];
}
