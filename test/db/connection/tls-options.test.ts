import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readTlsFiles } from '../../../src/db/connection/tls-options.ts';

const NONE = { caFile: null, certFile: null, keyFile: null };

describe('readTlsFiles', () => {
  it('reads the files that are named, and rejects unverified servers unless asked not to', () => {
    const directory = mkdtempSync(join(tmpdir(), 'tls-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const caFile = join(directory, 'ca.pem');
    writeFileSync(caFile, 'PEM');
    expect(readTlsFiles({ ...NONE, verify: 'ca', caFile })).toEqual({ rejectUnauthorized: true, ca: 'PEM' });
    expect(readTlsFiles({ ...NONE, verify: 'identity' })).toEqual({ rejectUnauthorized: true });
    expect(readTlsFiles({ ...NONE, verify: 'none' })).toEqual({ rejectUnauthorized: false });
  });

  it('names every file that cannot be read', () => {
    const read = () => readTlsFiles({ verify: 'ca', caFile: '/no/ca', certFile: '/no/cert', keyFile: null });
    expect(read).toThrow(
      expect.objectContaining({
        code: 'DATABASE_URL',
        problems: [
          expect.objectContaining({ place: '/no/ca', found: 'ENOENT' }),
          expect.objectContaining({ place: '/no/cert', found: 'ENOENT' }),
        ],
      }),
    );
  });
});
