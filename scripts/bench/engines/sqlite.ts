import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { copyData } from '../../servers/private-server.ts';
import type { BenchEngine } from '../engine.ts';
import { loadSqlite } from '../load/sqlite.ts';
import { preparedCloud } from '../prepared.ts';

const FILE = 'glance.sqlite';

/** A copy is a copied file, which the page cache then holds. */
export async function sqliteEngine(): Promise<BenchEngine> {
  const home = mkdtempSync(path.join(tmpdir(), 'glance-retype-bench-sqlite-'));
  const copy = path.join(home, 'copy');
  const version = sqliteVersion();
  let folder: string | null = null;
  return Promise.resolve({
    name: 'sqlite',
    settings:
      'as the product opens a file (rollback journal, synchronous FULL), file in the page cache as far as it fits',
    async prepare(cloud) {
      const prepared = await preparedCloud({
        engine: 'sqlite',
        version,
        cloud,
        load: async (into) => Promise.resolve(loadSqlite(path.join(into, FILE), cloud)),
      });
      folder = prepared.folder;
      return prepared;
    },
    async freshCopy() {
      if (folder === null) throw new Error('no cloud has been prepared');
      rmSync(copy, { recursive: true, force: true });
      await copyData(folder, copy);
      return `sqlite:///${path.join(copy, FILE)}`;
    },
    dumpCommand: (url, selects) =>
      spawnSync('sqlite3', ['-version']).status === 0
        ? ['sqlite3', '-readonly', url.slice('sqlite:///'.length), selects.join('; ')]
        : null,
    async stop() {
      rmSync(home, { recursive: true, force: true });
      await Promise.resolve();
    },
  } satisfies BenchEngine);
}

function sqliteVersion(): string {
  const memory = new BetterSqlite3(':memory:');
  try {
    return String(memory.prepare('SELECT sqlite_version()').pluck().get());
  } finally {
    memory.close();
  }
}
