import type { Database } from '../db/database.ts';

/**
 * Reads what the version tables say, for the report: `alembic_version ocata_contract01, migrate_version 45`. null where
 * there is none (a database made by create_all in 2011 and 2012 has neither). They are wrong whenever an upgrade was
 * interrupted: MySQL's DDL is not transactional.
 */
export async function readVersionMarker(database: Database, tables: ReadonlySet<string>): Promise<string | null> {
  const parts: string[] = [];
  if (tables.has('alembic_version')) {
    const rows = await database.query('SELECT version_num FROM alembic_version ORDER BY version_num');
    parts.push(...rows.map((row) => `alembic_version ${String(row['version_num'])}`));
  }
  if (tables.has('migrate_version')) {
    // One row for each repository; Glance's has this name (its migrate.cfg).
    const rows = await database.query('SELECT version FROM migrate_version WHERE repository_id = ?', [
      'Glance Migrations',
    ]);
    parts.push(...rows.map((row) => `migrate_version ${String(row['version'])}`));
  }
  return parts.length === 0 ? null : parts.join(', ');
}
