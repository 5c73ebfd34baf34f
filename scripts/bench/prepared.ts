import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CloudOptions, LoadedCloud } from '../fixtures/cloud.ts';
import { run } from '../servers/private-server.ts';
import type { BenchEngineName } from './engine-names.ts';

/** A cloud as an engine keeps it on the disk, whole and at rest. Only ever copied from. */
export interface PreparedCloud extends LoadedCloud {
  readonly folder: string;
  readonly origin: 'loaded' | 'found';
}

export interface Preparation {
  readonly engine: BenchEngineName;
  /** Whatever else decides what the folder looks like: the server's version, settings that its files must fit. */
  readonly version: string;
  readonly cloud: CloudOptions;
  /** Fills an empty folder, and leaves nothing running. */
  readonly load: (folder: string) => Promise<LoadedCloud>;
}

/** Git-ignored; may be deleted at any time. */
const ROOT = fileURLToPath(new URL('../../bench-data', import.meta.url));
const SCRIPTS = fileURLToPath(new URL('..', import.meta.url));
/** What decides on the rows, the schema and how they are loaded, beside the engine's own file. */
const SOURCES = ['fixtures/cloud.ts', 'fixtures/cloud', 'fixtures/eras', 'bench/load'];
const MARK = 'prepared.json';

/**
 * The cloud of this version of the sources: loaded where it is not there yet, which takes far longer than copying it. The same
 * cloud of other versions is deleted.
 */
export async function preparedCloud(preparation: Preparation, root = ROOT): Promise<PreparedCloud> {
  const { engine, version, cloud, load } = preparation;
  const stem = `${engine}-${String(cloud.images)}-${String(cloud.seed)}-`;
  const name = stem + digest(engine, version);
  const home = path.join(root, name);
  const folder = path.join(home, 'data');
  const mark = path.join(home, MARK);
  mkdirSync(root, { recursive: true });
  for (const entry of readdirSync(root)) {
    const outdated = entry.startsWith(stem) && !(entry === name && existsSync(mark));
    if (outdated) rmSync(path.join(root, entry), { recursive: true, force: true });
  }
  if (existsSync(mark)) {
    return { ...(JSON.parse(readFileSync(mark, 'utf8')) as LoadedCloud), folder, origin: 'found' };
  }

  // Elsewhere and moved when it is whole: the account of a server may not reach the folder of a checkout.
  const unfinished = mkdtempSync(path.join(tmpdir(), `glance-retype-bench-${engine}-`));
  try {
    const loaded = await load(unfinished);
    mkdirSync(home);
    await run('mv', [unfinished, folder]);
    writeFileSync(mark, `${JSON.stringify(loaded)}\n`);
    return { ...loaded, folder, origin: 'loaded' };
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function digest(engine: string, version: string): string {
  const hash = createHash('sha256').update(version);
  for (const source of [...SOURCES, `bench/engines/${engine}.ts`]) {
    const from = path.join(SCRIPTS, source);
    const files = source.endsWith('.ts')
      ? [from]
      : readdirSync(from, { recursive: true, encoding: 'utf8' })
          .filter((file) => file.endsWith('.ts'))
          .toSorted()
          .map((file) => path.join(from, file));
    for (const file of files) hash.update(path.relative(SCRIPTS, file)).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 12);
}
