import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Label } from './label.ts';
import { allRecipes } from './recipes.ts';
import { makeAll } from './schedule.ts';
import { workshop } from './workshop.ts';

/** A file of the corpus with what is known of it. */
export interface Sample {
  /** Path in the corpus folder; files of one kind lie in one folder. */
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
  readonly label: Label;
  /** Absolute path of the raw image whose bytes the guest sees; null where there is none. */
  readonly guestBase: string | null;
}

export interface Corpus {
  readonly folder: string;
  readonly samples: readonly Sample[];
}

interface ManifestEntry {
  readonly name: string;
  readonly label: Label;
  readonly guestBase: string | null;
}

/** Git-ignored; may be deleted at any time. */
export const CACHE = fileURLToPath(new URL('../../.cache', import.meta.url));
const GENERATORS = fileURLToPath(new URL('.', import.meta.url));
const MANIFEST = 'manifest.json';

/** How long another process may take that builds the same corpus, before it is given up on. */
const PATIENCE_MS = 300_000;

/**
 * The corpus of this version of the generators: built where it is not there yet, once, whoever else asks at the same time.
 * Corpora of other versions are deleted.
 */
export async function buildCorpus(say: (text: string) => void = () => undefined): Promise<Corpus> {
  const root = path.join(CACHE, 'corpus');
  const folder = path.join(root, generatorsDigest());
  mkdirSync(root, { recursive: true });
  const began = Date.now();
  while (!existsSync(path.join(folder, MANIFEST))) {
    const lock = path.join(root, 'lock');
    if (!takeLock(lock)) {
      if (Date.now() - began > PATIENCE_MS) throw new Error(`another process holds ${lock} and does not finish`);
      await new Promise((resolve) => setTimeout(resolve, 200));
      continue;
    }
    try {
      if (existsSync(path.join(folder, MANIFEST))) break;
      for (const entry of readdirSync(root)) {
        if (entry !== 'lock') rmSync(path.join(root, entry), { recursive: true, force: true });
      }
      say('building the corpus of images');
      await build(folder);
      say(`built in ${((Date.now() - began) / 1000).toFixed(0)} s`);
    } finally {
      rmSync(lock, { force: true });
    }
  }
  return readCorpus(folder);
}

/** Built under another name and renamed, so that a corpus is whole or not there. */
async function build(folder: string): Promise<void> {
  const unfinished = `${folder}.unfinished`;
  mkdirSync(unfinished);
  const recipes = allRecipes(path.join(CACHE, 'packages'));
  await makeAll(recipes, workshop(unfinished));
  const manifest: ManifestEntry[] = recipes.flatMap(({ name, label, guestBase }) =>
    label === null ? [] : [{ name, label, guestBase }],
  );
  for (const { name } of manifest) {
    if (!existsSync(path.join(unfinished, name))) throw new Error(`${name} was not made`);
  }
  writeFileSync(path.join(unfinished, MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`);
  renameSync(unfinished, folder);
}

function readCorpus(folder: string): Corpus {
  const manifest = JSON.parse(readFileSync(path.join(folder, MANIFEST), 'utf8')) as readonly ManifestEntry[];
  return {
    folder,
    samples: manifest.map(({ name, label, guestBase }) => ({
      name,
      file: path.join(folder, name),
      label,
      guestBase: guestBase === null ? null : path.join(folder, guestBase),
    })),
  };
}

/** True when this process now holds the lock; one left by a process that is gone is taken over. */
function takeLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    try {
      const holder = Number(readFileSync(lock, 'utf8'));
      if (holder > 0 && !existsSync(`/proc/${String(holder)}`)) rmSync(lock, { force: true });
    } catch {
      // Just released.
    }
    return false;
  }
}

function generatorsDigest(): string {
  const hash = createHash('sha256');
  const files = readdirSync(GENERATORS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  for (const name of files.sort()) hash.update(`${name}\0`).update(readFileSync(path.join(GENERATORS, name)));
  return hash.digest('hex').slice(0, 16);
}
