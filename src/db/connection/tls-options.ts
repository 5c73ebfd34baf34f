import { readFileSync } from 'node:fs';
import { RetypeError, type Problem } from '../../model/error.ts';
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
  const read = (path: string | null): string | null => {
    if (path === null) return null;
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
      problems.push({ place: path, expected: 'a readable PEM file', found: code, advice: 'correct the TLS argument' });
      return null;
    }
  };
  const ca = read(tls.caFile);
  const cert = read(tls.certFile);
  const key = read(tls.keyFile);
  const [first, ...others] = problems;
  if (first !== undefined) throw new RetypeError('DATABASE_URL', [first, ...others]);

  const options: TlsOptions = { rejectUnauthorized: tls.verify !== 'none' };
  if (ca !== null) options.ca = ca;
  if (cert !== null) options.cert = cert;
  if (key !== null) options.key = key;
  return options;
}
