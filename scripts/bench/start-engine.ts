import type { BenchEngine } from './engine.ts';
import type { BenchEngineName } from './engine-names.ts';
import { mariadbEngine } from './engines/mariadb.ts';
import { postgresEngine } from './engines/postgres.ts';
import { sqliteEngine } from './engines/sqlite.ts';

const STARTERS: Readonly<Record<BenchEngineName, () => Promise<BenchEngine>>> = {
  mariadb: mariadbEngine,
  postgres: postgresEngine,
  sqlite: sqliteEngine,
};

/** @throws Error that names a missing Debian package. */
export function startEngine(name: BenchEngineName): Promise<BenchEngine> {
  return STARTERS[name]();
}
