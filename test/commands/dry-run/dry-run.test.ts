import { describe, expect, it } from 'vitest';

import type { Database } from '../../../src/db/database.ts';
import { columnNames, schemaText, tableDigest } from '../../support/cloud/migration.ts';
import { runCommand } from '../../support/program/command.ts';
import { runCli } from '../../support/program/run-cli.ts';
import { ENGINES, runAsAdmin, withFreshDatabase } from '../../support/servers/engines.ts';
import { createEra } from '../../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../../scripts/fixtures/eras/eras.ts';
import { openForTest } from '../../support/servers/engines.ts';
import { glance } from '../support/schema-change.ts';

/** The schema and every row of every table. */
async function everything(database: Database): Promise<string> {
  const parts = [await schemaText(database)];
  for (const table of await database.dialect.listTables(database))
    parts.push(`${table} ${await tableDigest(database, table, await columnNames(database, table))}`);
  return parts.join('\n');
}

async function count(database: Database, sql: string): Promise<number> {
  const [row] = await database.query(`SELECT COUNT(*) AS n ${sql}`);
  return Number(row?.['n']);
}

/** The number behind a title of the result. */
function figure(text: string, title: string): number {
  const found = new RegExp(`^${title} +([\\d,]+)`, 'mu').exec(text)?.[1];
  if (found === undefined) throw new Error(`no figure ${title} in\n${text}`);
  return Number(found.replaceAll(',', ''));
}

function statementsIn(text: string): readonly string[] {
  const [, after = ''] = text.split('Changes of the schema:\n');
  const [listed = ''] = after.split('\n\n');
  return listed.split(';\n').map((line) => line.trim().replace(/;$/u, ''));
}

describe.each(ENGINES)('a dry run on %s', (engine) => {
  it('writes nothing, and says what the command then does', async () => {
    const { url, bench } = await glance(engine);
    const { writer } = bench;
    const dry = async (...argv: readonly string[]) => {
      const before = await everything(writer);
      const result = await runCommand(url, ...argv, '--dry-run', '--yes');
      expect(await everything(writer), argv.join(' ')).toBe(before);
      return result;
    };
    const live = await count(writer, 'FROM images WHERE NOT deleted');
    const untouched = await everything(writer);

    const early = await dry('migrate');
    expect([early.code, early.text]).toEqual([0, expect.stringContaining('expand comes first')]);
    expect(figure(early.text, 'Would be written')).toBe(live);
    expect((await dry('rollback')).text).toContain('Nothing is left to undo');
    expect((await dry('contract')).text).toMatch(/^NOT_EXPANDED/u);

    const expand = await dry('expand');
    expect(expand.code).toBe(0);
    expect((await runCommand(url, 'expand', '--yes')).code).toBe(0);
    const statements = statementsIn(expand.text);
    expect(statements.length).toBeGreaterThan(8);
    const byHand = await withFreshDatabase(engine);
    const other = await openForTest(byHand.url);
    await createEra(other, eraNamed('newest'));
    for (const statement of statements) await other.execute(statement);
    expect(await schemaText(other)).toBe(await schemaText(writer));
    expect((await dry('expand')).text).toContain('Already expanded');

    const first = await dry('migrate');
    expect([first.code, figure(first.text, 'Would be written')]).toEqual([0, live]);
    expect((await runCommand(url, 'migrate', '--yes')).code).toBe(0);
    expect(await count(writer, 'FROM retype_journal')).toBe(live);
    expect(figure(first.text, 'With a result')).toBe(await count(writer, 'FROM images WHERE image_type IS NOT NULL'));

    // One image has another decision now, and one a value of somebody else.
    const [changed, foreign] = await writer.query(
      "SELECT id FROM images WHERE image_type = 'disk' AND disk_format = 'qcow2' AND NOT deleted ORDER BY id",
    );
    await writer.execute("UPDATE images SET disk_format = 'iso' WHERE id = ?", [String(changed?.['id'])]);
    await writer.execute("UPDATE images SET image_type = 'other', disk_format = 'iso' WHERE id = ?", [
      String(foreign?.['id']),
    ]);
    const again = await dry('migrate');
    expect(
      ['Would be written', 'Would be re-written', 'Stored already', 'Left alone'].map((title) =>
        figure(again.text, title),
      ),
    ).toEqual([0, 1, live - 2, 1]);
    expect(again.text).toContain(`first ${String(foreign?.['id'])}`);
    expect((await runCommand(url, 'migrate', '--yes')).code).toBe(0);

    const conflict = await dry('rollback');
    expect([conflict.code, figure(conflict.text, 'Left alone')]).toEqual([7, 1]);
    expect(conflict.text).not.toContain('DROP');
    const second = await dry('rollback', '--run', '2');
    expect(figure(second.text, 'Would be undone')).toBe(1);
    expect(figure(second.text, 'Would be restored')).toBe(1);
    expect(second.text).toMatch(/Next {2}glance-retype rollback --database-url .* --run 2$/mu);
    const contract = await dry('contract');
    expect([contract.code, contract.text]).toEqual([0, expect.stringMatching(/DROP TABLE .retype_journal./iu)]);
    await writer.execute('UPDATE images SET image_type = NULL, container_type = NULL, envelope = NULL WHERE id = ?', [
      String(foreign?.['id']),
    ]);

    const all = await dry('rollback');
    expect([all.code, figure(all.text, 'Would be undone')]).toEqual([0, live]);
    expect(all.text).toContain(`(${live + 1} journal rows, over 2 runs)`);
    const done = await runCommand(url, 'rollback', '--yes');
    expect([done.code, figure(done.text, 'Undone')]).toEqual([0, live + 1]);
    await writer.execute("UPDATE images SET disk_format = 'qcow2' WHERE id IN (?, ?)", [
      String(changed?.['id']),
      String(foreign?.['id']),
    ]);
    expect(await everything(writer)).toBe(untouched);
  });

  it('shows what would be done and is refused where the command would be', async () => {
    const { url, bench } = await glance(engine);
    await bench.writer.execute('ALTER TABLE images ADD COLUMN envelope VARCHAR(40)');
    const { code, stdout, stderr } = await runCli(['expand', '--dry-run', '--database-url', url]);
    expect([code, stderr]).toEqual([5, expect.stringContaining('FOREIGN_COLUMN')]);
    expect(stdout).toContain('Dry run of expand: nothing was written.');
    const html = await runCommand(url, 'migrate', '--dry-run', '--html', 'x.html');
    expect([html.code, html.text]).toEqual([2, expect.stringContaining('plan --html FILE')]);
  });

  it('refuses another run as migrate does, and with --new-run says which is closed', async () => {
    const { url, bench } = await glance(engine);
    expect((await runCommand(url, 'expand', '--yes')).code).toBe(0);
    expect((await runCommand(url, 'migrate', '--yes')).code).toBe(0);
    await bench.writer.execute("UPDATE retype_runs SET state = 'active'");
    expect((await runCommand(url, 'migrate', '--dry-run')).text).toContain('run 1 would be continued');
    expect((await runCommand(url, 'migrate', '--dry-run', '--probe', 'off', '--new-run')).text).toContain(
      'run 1 would be closed where it is',
    );
    await bench.writer.execute("UPDATE retype_runs SET rules_digest = 'another'");
    const { code, text } = await runCommand(url, 'migrate', '--dry-run');
    expect([code, text]).toEqual([5, expect.stringMatching(/^RUN_MISMATCH/u)]);
  });
});

describe.each(ENGINES.filter((engine) => engine !== 'sqlite'))(
  'a dry run on %s of an account with SELECT alone',
  (engine) => {
    it('shows everything, and says which privileges are missing', async () => {
      const fresh = await withFreshDatabase(engine);
      const database = await openForTest(fresh.url);
      await createEra(database, eraNamed('newest'));
      const live = await count(database, 'FROM images WHERE NOT deleted');
      const password = 'only-reads';
      const name = new URL(fresh.url).pathname.slice(1);
      const user = `reads_${name.slice(2, 10)}`;
      const grant = async (): Promise<void> => {
        await (engine === 'mariadb'
          ? runAsAdmin(engine, [`GRANT SELECT ON ${name}.* TO ${user}`])
          : database.execute(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${user}`));
      };
      await runAsAdmin(engine, [
        engine === 'mariadb'
          ? `CREATE USER ${user} IDENTIFIED BY '${password}'`
          : `CREATE ROLE ${user} LOGIN PASSWORD '${password}'`,
      ]);
      await grant();
      const reader = fresh.urlAs(user, password);
      const before = await everything(database);
      const early = await runCli(['migrate', '--dry-run', '--yes', '--database-url', reader]);
      expect([early.code, figure(early.stdout, 'Would be written')]).toEqual([0, live]);
      const expand = await runCli(['expand', '--dry-run', '--yes', '--database-url', reader]);
      expect([expand.code, expand.stderr, statementsIn(expand.stdout).length > 8]).toEqual([
        5,
        expect.stringContaining('MISSING_GRANT'),
        true,
      ]);
      expect(await everything(database)).toBe(before);
      expect((await runCommand(fresh.url, 'expand', '--yes')).code).toBe(0);
      await grant();
      const expanded = await everything(database);
      for (const [command, shown] of [
        ['migrate', 'Would be written'],
        ['rollback', 'Would be undone'],
        ['contract', 'Changes of the schema:'],
      ] as const) {
        const { code, stdout, stderr } = await runCli([command, '--dry-run', '--yes', '--database-url', reader]);
        expect([command, code, stderr, stdout]).toEqual([
          command,
          5,
          expect.stringContaining('MISSING_GRANT'),
          expect.stringContaining(shown),
        ]);
      }
      expect(await everything(database)).toBe(expanded);
    });
  },
);
