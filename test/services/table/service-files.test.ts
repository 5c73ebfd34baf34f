import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RetypeError } from '../../../src/model/error.ts';
import { readServicesFile, shippedServices } from '../../../src/services/table/service-files.ts';

describe('files of services', () => {
  it('are the shipped one and an operator’s', () => {
    expect(shippedServices()).toMatchObject({ path: 'config/services.yaml', origin: 'shipped' });
    const path = join(mkdtempSync(join(tmpdir(), 'glance-retype-services-')), 'mine.yaml');
    writeFileSync(path, 'releases: []\n');
    expect(readServicesFile(path)).toEqual({ path, text: 'releases: []\n', origin: 'operator' });
  });

  it('must be there, and must not be endless', () => {
    const refused = (path: string) => {
      try {
        readServicesFile(path);
      } catch (error) {
        if (error instanceof RetypeError) return [error.code, error.problems[0].found];
      }
      return null;
    };
    expect(refused('/no/such/file.yaml')).toEqual(['SERVICES_FILE', 'ENOENT']);
    expect(refused('/dev/zero')).toEqual(['SERVICES_FILE', 'more than 4 MiB']);
  });
});
