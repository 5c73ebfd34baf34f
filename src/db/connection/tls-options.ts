import { readFileSync } from 'node:fs';
import { RetypeError, type Problem } from '../../model/error.ts';
import { TLS_OPTION, type TlsFiles } from './address-help.ts';
import type { TlsSpec } from './spec.ts';

/** Options of node:tls; both drivers pass them on. */
export interface TlsOptions {
  readonly rejectUnauthorized: boolean;
  ca?: string;
  cert?: string;
  key?: string;
}

/** Reads the PEM files. @throws RetypeError DATABASE_URL naming each file that cannot be read. */
export function readTlsFiles(tls: TlsSpec): TlsOptions {
  const problems: Problem[] = [];
  const read = (kind: keyof TlsFiles): string | null => {
    const path = tls[kind];
    if (path === null) return null;
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
      problems.push({
        place: path,
        expected: 'a readable PEM file',
        found: code,
        advice: `name a copy of it with ${TLS_OPTION[kind]}: the path may be meant inside Glance's container`,
      });
      return null;
    }
  };
  const ca = read('caFile');
  const cert = read('certFile');
  const key = read('keyFile');
  const [first, ...others] = problems;
  if (first !== undefined) throw new RetypeError('DATABASE_URL', [first, ...others]);

  const options: TlsOptions = { rejectUnauthorized: tls.verify !== 'none' };
  if (ca !== null) options.ca = ca;
  if (cert !== null) options.cert = cert;
  if (key !== null) options.key = key;
  return options;
}
