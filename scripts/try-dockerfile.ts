/**
 * Builds the Dockerfile without Docker, and starts what it made: each stage is a folder that debootstrap fills with
 * Debian, and its instructions run there under chroot. For machines without a container engine; takes some minutes and
 * about 2 GB.
 *   tsx scripts/try-dockerfile.ts ARGUMENTS        as root; builds the image and gives its program ARGUMENTS
 *   tsx scripts/try-dockerfile.ts --keep FOLDER    leaves the image's files in FOLDER/image
 */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { type Stage, stagesOf } from './dockerfile/stages.ts';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';

interface Place {
  readonly root: string;
  readonly directory: string;
  readonly user: string;
}

const kept = process.argv[2] === '--keep' ? process.argv[3] : undefined;
const work = kept ?? mkdtempSync(join(tmpdir(), 'glance-retype-dockerfile-'));
try {
  process.exitCode = build(kept === undefined ? process.argv.slice(2) : []);
} finally {
  if (kept === undefined) rmSync(work, { recursive: true, force: true });
}

function build(given: readonly string[]): number {
  const stages = stagesOf(readFileSync(join(PROJECT, 'Dockerfile'), 'utf8'));
  const places = new Map<string | null, Place>();
  for (const stage of stages) places.set(stage.name, runStage(stage, places));
  const last = stages.at(-1);
  const image = places.get(null);
  if (last === undefined || image === undefined) throw new Error('the Dockerfile makes no image');
  const words = (name: string): readonly string[] =>
    JSON.parse(last.instructions.find((instruction) => instruction.name === name)?.words ?? '[]') as readonly string[];
  const command = [...words('ENTRYPOINT'), ...(given.length > 0 ? given : words('CMD'))];
  process.stdout.write(`image: user ${image.user}, in ${image.directory}: ${command.join(' ')}\n`);
  inside(image, 'exec "$@"', command);
  return 0;
}

function runStage({ name, base, instructions }: Stage, places: ReadonlyMap<string | null, Place>): Place {
  let place: Place = { root: join(work, name ?? 'image'), directory: '/', user: 'root' };
  const [, suite = ''] = /^debian:(\w+)-slim$/.exec(base) ?? [];
  const pristine = join(work, suite);
  if (!existsSync(pristine)) {
    execFileSync('debootstrap', ['--variant=minbase', suite, pristine], { stdio: ['ignore', 'ignore', 'inherit'] });
    // The network of this machine is what the build has.
    copyFileSync('/etc/resolv.conf', join(pristine, 'etc/resolv.conf'));
  }
  execFileSync('cp', ['-a', pristine, place.root]);
  for (const { name: instruction, words } of instructions) {
    process.stdout.write(`${name ?? 'image'}: ${instruction} ${words}\n`);
    if (instruction === 'RUN') inside(place, words, []);
    else if (instruction === 'WORKDIR') place = { ...place, directory: join(place.directory, words) };
    else if (instruction === 'USER') place = { ...place, user: words };
    else if (instruction === 'COPY') copy(words, place, places);
    else if (!['ENTRYPOINT', 'CMD'].includes(instruction)) throw new Error(`${instruction} is not known here`);
    mkdirSync(join(place.root, place.directory), { recursive: true });
  }
  return place;
}

function copy(words: string, { root, directory }: Place, places: ReadonlyMap<string | null, Place>): void {
  const [, from, rest = ''] = /^(?:--from=(\S+) )?(.*)$/.exec(words) ?? [];
  const sources = rest.split(' ');
  const target = join(root, directory.slice(1), sources.pop() ?? '');
  const absolute = rest.split(' ').at(-1)?.startsWith('/') === true ? join(root, rest.split(' ').at(-1) ?? '') : target;
  mkdirSync(absolute, { recursive: true });
  const context = from === undefined ? PROJECT : (places.get(from)?.root ?? '');
  const ignored = new Set(
    readFileSync(join(PROJECT, '.dockerignore'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => join(PROJECT, line)),
  );
  for (const source of sources) {
    const path = join(context, source);
    const isFolder = source === '.' || !/\.\w+$/.test(source);
    cpSync(path, isFolder ? absolute : join(absolute, source.split('/').at(-1) ?? ''), {
      recursive: true,
      filter: (file) => !ignored.has(file),
    });
  }
}

function inside({ root, directory, user }: Place, script: string, words: readonly string[]): void {
  void appendFileSync;
  void AUTHORITIES;
  execFileSync('chroot', [`--userspec=${user}`, root, 'sh', '-c', `cd '${directory}' && ${script}`, 'sh', ...words], {
    stdio: 'inherit',
  });
}
