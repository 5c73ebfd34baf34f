import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { importsOf } from '../scripts/floors.ts';

/**
 * The parts of the test run:
 *
 * - `unit`: values in, values out. No server, no child process, no listening socket.
 * - `corpus`: the prober on images that Debian's tools make, on local servers and files, and on damaged images by the thousand.
 * - `db`: a real SQLite, MariaDB or PostgreSQL.
 * - `e2e`: the built program as an operator runs it, and other programs as a whole.
 */
export const PROJECTS = ['unit', 'corpus', 'db', 'e2e'] as const;

export type ProjectName = (typeof PROJECTS)[number];

const ROOT = new URL('..', import.meta.url).pathname;
/** They are gone when the test runs, so they start nothing. */
const TYPE_IMPORT = /^import type [^;]*;/gm;

/** Every test file by the project that it belongs to; paths relative to the project, `test/rules/load.test.ts`. */
export function testFiles(): ReadonlyMap<ProjectName, readonly string[]> {
  const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `test/${name}`)
    .toSorted();
  const reached = new Map<string, ReadonlySet<string>>();
  const byProject = new Map(PROJECTS.map((name) => [name, new Array<string>()]));
  for (const file of files) byProject.get(projectOf(file, reachedFrom(file, reached)))?.push(file);
  return byProject;
}

/**
 * Tells the project of a test file from where it lies and from what it imports, directly or by way of other files of
 * `test` and `scripts`. So a new test needs no entry in a list.
 */
export function projectOf(file: string, imports: ReadonlySet<string>): ProjectName {
  const reaches = (prefix: string): boolean => Array.from(imports).some((name) => name.startsWith(prefix));
  if (file.startsWith('test/e2e/') || reaches('test/support/program/')) return 'e2e';
  if (reaches('test/support/servers/engines.ts')) return 'db';
  const startsPrograms = reaches('node:child_process') || reaches('node:http') || reaches('node:net');
  if (file.startsWith('test/probe/fuzz-')) return 'corpus';
  if (!startsPrograms) return 'unit';
  return file.startsWith('test/probe/') ? 'corpus' : 'e2e';
}

function reachedFrom(file: string, known: Map<string, ReadonlySet<string>>): ReadonlySet<string> {
  const found = known.get(file);
  if (found !== undefined) return found;
  const reached = new Set<string>();
  known.set(file, reached);
  const text = readFileSync(join(ROOT, file), 'utf8').replaceAll(TYPE_IMPORT, '');
  for (const target of importsOf(file, text)) {
    reached.add(target);
    // What the product imports is not looked at: its tests replace sockets and processes by values.
    const ours = target.startsWith('test/') || target.startsWith('scripts/');
    if (ours && existsSync(join(ROOT, target))) for (const further of reachedFrom(target, known)) reached.add(further);
  }
  return reached;
}

/**
 * Suites that take longest, in the order in which they begin; the others follow. A run ends soonest when no long one
 * begins late, and when two that mostly wait (for servers and processes that stand still) are under way beside two that
 * compute.
 */
export const LONGEST_FIRST = [
  'e2e/frozen-runner',
  'e2e/frozen-runner-galera',
  'e2e/kill',
  'e2e/crash-points',
  'e2e/galera',
  'e2e/rehearse',
  'run/rehearse/rehearse',
  'commands/expand',
  'e2e/lost-server',
  'e2e/steering',
  'e2e/replicas',
  'run/verify/records',
  'commands/odd-settings',
  'e2e/package',
  'e2e/pace',
  'e2e/main-job',
  'commands/privileges',
  'commands/explain',
  'e2e/real-glance-api',
  'run/migrate/share',
  'run/verify/compare-nodes',
  'run/model-based',
  'run/rollback',
  'run/verify/records-clean',
  'probe/fuzz-fields',
  'probe/fuzz-random',
  'e2e/few-connections',
  'e2e/poolers',
  'run/migrate/migrate',
  'run/main-job',
].map((name) => `test/${name}.test.ts`);
