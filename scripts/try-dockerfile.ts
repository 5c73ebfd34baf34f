/**
 * Builds the image of the Dockerfile on a Debian machine without a container engine, and starts it: each stage is a
 * folder that debootstrap filled with Debian, and its instructions run there under chroot. As root, with debootstrap
 * installed; takes some minutes and 3 GB.
 *   tsx scripts/try-dockerfile.ts FOLDER    FOLDER must be new; FOLDER/image holds the image's files afterwards
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { type Instruction, type Stage, stagesOf } from './dockerfile/stages.ts';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
/** Certificate authorities that this machine's administrator added. */
const ADDED_AUTHORITIES = '/usr/local/share/ca-certificates';

/** A stage, as far as it is built. */
interface Place {
  readonly root: string;
  readonly directory: string;
  readonly user: string;
}

const [folder] = process.argv.slice(2);
if (folder === undefined || existsSync(folder)) throw new Error('name a folder that does not exist yet');
const work = resolve(folder);
const context = join(work, 'context');
const ignored = new Set(
  readFileSync(join(PROJECT, '.dockerignore'), 'utf8')
    .split('\n')
    .map((name) => join(PROJECT, name)),
);
cpSync(PROJECT, context, { recursive: true, filter: (path) => path === PROJECT || !ignored.has(path) });

const built = new Map<string, Place>();
for (const stage of stagesOf(readFileSync(join(PROJECT, 'Dockerfile'), 'utf8'))) {
  const name = stage.name ?? 'image';
  built.set(name, stage.instructions.reduce(perform, { root: begin(name, stage), directory: '/', user: 'root' }));
  if (stage.name !== null) continue;
  const words = (wanted: string): readonly string[] =>
    JSON.parse(stage.instructions.find((one) => one.name === wanted)?.words ?? '[]') as readonly string[];
  for (const command of [words('CMD'), ['--version']]) {
    inside(built.get(name), 'exec "$@"', [...words('ENTRYPOINT'), ...command]);
  }
}

/** Copies a pristine Debian, made once for each suite. */
function begin(name: string, { base }: Stage): string {
  const [, suite = base] = /^debian:(\w+)-slim$/.exec(base) ?? [];
  const pristine = join(work, suite);
  if (!existsSync(pristine)) {
    execFileSync('debootstrap', ['--variant=minbase', suite, pristine], { stdio: ['ignore', 'ignore', 'inherit'] });
    cpSync('/etc/resolv.conf', join(pristine, 'etc/resolv.conf'), { dereference: true });
    if (existsSync(ADDED_AUTHORITIES))
      cpSync(ADDED_AUTHORITIES, join(pristine, ADDED_AUTHORITIES), { recursive: true });
  }
  const root = join(work, name);
  execFileSync('cp', ['-a', pristine, root]);
  return root;
}

function perform(place: Place, { name, words }: Instruction): Place {
  process.stdout.write(`${name} ${words}\n`);
  switch (name) {
    case 'RUN':
      inside(place, words, []);
      return place;
    case 'COPY':
      copy(place, words.split(' '));
      return place;
    case 'WORKDIR':
      mkdirSync(join(place.root, words), { recursive: true });
      return { ...place, directory: words };
    case 'USER':
      return { ...place, user: words };
    case 'ENTRYPOINT':
    case 'CMD':
      return place;
    default:
      throw new Error(`${name} is not known here`);
  }
}

/** A folder is copied by what it holds, as Docker does. */
function copy({ root, directory }: Place, words: readonly string[]): void {
  const [, stage] = /^--from=(.+)$/.exec(words[0] ?? '') ?? [];
  const from = stage === undefined ? context : (built.get(stage)?.root ?? stage);
  const target = join(root, resolve(directory, words.at(-1) ?? ''));
  mkdirSync(target, { recursive: true });
  for (const word of words.slice(stage === undefined ? 0 : 1, -1)) {
    const source = join(from, word);
    execFileSync('cp', ['-a', statSync(source).isDirectory() ? `${source}/.` : source, target]);
  }
}

function inside(place: Place | undefined, line: string, words: readonly string[]): void {
  if (place === undefined) return;
  const { root, directory, user } = place;
  // npm 9 fails without /proc. The mount is the namespace's own and goes with it.
  const script = 'mount -t proc proc "$1/proc" && shift && exec "$@"';
  const changed = ['chroot', `--userspec=${user}`, root, 'sh', '-c', `cd '${directory}' && ${line}`, 'sh', ...words];
  execFileSync('unshare', ['--mount', 'sh', '-c', script, 'sh', root, ...changed], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}
