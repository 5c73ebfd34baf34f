import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { readBounded } from '../../model/bounded-file.ts';
import type { Problem } from '../../model/error.ts';
import { type ConfEntry, parseConfText } from './ini-text.ts';

/** Environment variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

interface ConfFile {
  readonly path: string;
  readonly entries: readonly ConfEntry[];
}

export interface ConfFiles {
  /** In the order of reading: a later file takes precedence. */
  readonly files: readonly ConfFile[];
  /** Directories that held no `*.conf`. */
  readonly emptyDirectories: readonly string[];
  /** Variables that take precedence over every file; see `environmentName`. */
  readonly environment: Environment;
  readonly problems: readonly Problem[];
}

/** Bytes of all files together, inclusive; Glance's own sample has a tenth of a mebibyte. */
const LONGEST = 16 * 1024 * 1024;

/**
 * Reads files and directories in the order given. A directory represents its `*.conf` files in the order of their
 * names, as with oslo.config's `--config-dir` (hidden files and sub-directories are left out).
 *
 * @param environment of the Glance that these files belong to; empty where that runs elsewhere.
 */
export function readConfFiles(paths: readonly string[], environment: Environment = {}): ConfFiles {
  const files: ConfFile[] = [];
  const emptyDirectories: string[] = [];
  const problems: Problem[] = [];
  let left = LONGEST;
  for (const given of paths) {
    try {
      const listed = listFiles(given);
      if (listed.length === 0) emptyDirectories.push(given);
      for (const path of listed) {
        const bytes = readBounded(path, left);
        left -= bytes.length;
        const { entries, defects } = parseConfText(bytes.toString('utf8'));
        files.push({ path, entries });
        for (const defect of defects) {
          problems.push({
            place: `${path}:${defect.line}`,
            expected: defect.expected,
            found: defect.found,
            advice: 'repair the line; Glance refuses the file for the same reason',
          });
        }
      }
    } catch (error) {
      problems.push(unreadable(given, error));
    }
  }
  return { files, emptyDirectories, environment, problems };
}

function listFiles(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => name.endsWith('.conf') && !name.startsWith('.'))
    .sort()
    .map((name) => join(path, name))
    .filter((file) => statSync(file).isFile());
}

/** Says why a configuration file or directory cannot be read, and how it could be. */
export function unreadable(place: string, error: unknown): Problem {
  const found = systemReason(error);
  return {
    place,
    expected: 'a readable file, or a directory with *.conf files',
    found,
    advice:
      found === DENIED
        ? 'run glance-retype with sudo, or as a user of the group that may read it (glance; with Kolla: root or kolla)'
        : 'check the path; inside a container Glance may have another',
  };
}

const DENIED = 'permission denied';

function systemReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOENT') return 'no such file or directory';
  if (code === 'EFBIG') return `more than ${LONGEST / 1024 / 1024} MiB of configuration`;
  if (code === 'EACCES' || code === 'EPERM') return DENIED;
  return code ?? 'an unreadable file';
}
