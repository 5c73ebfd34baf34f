import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** For files of the tests; removed at the end of the run. */
    readonly temporaryDirectory: string;
  }
}

/** What a whole run may write before it ends, and what its programs need of the memory besides. */
const RUN_BYTES = 12 * 2 ** 30;
const PROGRAM_BYTES = 4 * 2 ** 30;

/** A file system in memory: thousands of small databases are made, and on a disk most of a run is waiting for it. */
const IN_MEMORY = '/dev/shm';

/** Makes the directory for files of the tests, once a run and before any server starts. */
export function setup(project: TestProject): () => void {
  if (process.env['TMPDIR'] === undefined && holdsARun()) process.env['TMPDIR'] = IN_MEMORY;
  const directory = mkdtempSync(join(tmpdir(), 'glance-retype-run-'));
  // Servers that run under another account have their folders in it.
  chmodSync(directory, 0o711);
  // Servers, workers and the programs they start inherit it, so that whatever a test leaves behind goes with the run.
  process.env['TMPDIR'] = directory;
  project.provide('temporaryDirectory', directory);
  return () => rmSync(directory, { recursive: true, force: true });
}

/** A TMPDIR that is set is used as it is. */
function holdsARun(): boolean {
  if (!existsSync(IN_MEMORY)) return false;
  const memory = statfsSync(IN_MEMORY);
  return memory.bavail * memory.bsize >= RUN_BYTES && process.availableMemory() >= RUN_BYTES + PROGRAM_BYTES;
}
