import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { createOpenImage } from '../../../src/run/probing/open-image.ts';
import { evidence } from '../../rules/evidence-builder.ts';

const ID = '3f1c2b7e-0000-4000-8000-000000000001';
const { image } = evidence('raw', 'bare', { image: { id: ID } });

function store(): string {
  const made = mkdtempSync(join(tmpdir(), 'open-stored-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  writeFileSync(join(made, ID), 'bytes');
  return made;
}

const at = (location: string) => ({ locations: [location], checksum: null, hash: null });

describe('createOpenImage', () => {
  it('opens the file of a store, at random', async () => {
    const path = store();
    const { source, accepts, access } = await createOpenImage([path], null)(image, at(`file://${path}/${ID}`));
    try {
      expect([source.size(), accepts, access()]).toEqual([5, 'random', 'random']);
    } finally {
      await source.close();
    }
  });

  it('refuses a location outside the directories, and shows nothing of it', async () => {
    const other = { ...image, id: '3f1c2b7e-0000-4000-8000-000000000002' };
    const opened = createOpenImage([store()], null)(other, at('file:///etc/passwd'));
    await expect(opened).rejects.toMatchObject({ name: 'SourceFailure' });
    await expect(opened).rejects.not.toThrow('passwd');
  });

  it('has no source without stores and without an API', async () => {
    await expect(createOpenImage([], null)(image, undefined)).rejects.toThrow('no source to read it from');
  });
});
