import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { preparedCloud } from '../../../scripts/bench/prepared.ts';

const cloud = { images: 3, seed: 1 };

describe('a prepared cloud', () => {
  it('is loaded once and found afterwards', async () => {
    const root = mkdtempSync(join(inject('temporaryDirectory'), 'bench-data-'));
    const prepare = counted();
    const first = await preparedCloud({ engine: 'sqlite', version: '1', cloud, load: prepare.load }, root);
    const second = await preparedCloud({ engine: 'sqlite', version: '1', cloud, load: prepare.load }, root);
    expect(first).toEqual({ images: 3, properties: 5, folder: first.folder, origin: 'loaded' });
    expect(second).toEqual({ ...first, origin: 'found' });
    expect(readFileSync(join(second.folder, 'file'), 'utf8')).toBe('load 1');
    expect(prepare.loads()).toBe(1);
  });

  it('is another one for another version, size or seed; that of an older version goes', async () => {
    const root = mkdtempSync(join(inject('temporaryDirectory'), 'bench-data-'));
    const { load } = counted();
    await preparedCloud({ engine: 'sqlite', version: '1', cloud, load }, root);
    await preparedCloud({ engine: 'sqlite', version: '1', cloud: { ...cloud, seed: 2 }, load }, root);
    await preparedCloud({ engine: 'postgres', version: '1', cloud, load }, root);
    const newer = await preparedCloud({ engine: 'sqlite', version: '2', cloud, load }, root);
    expect(newer.origin).toBe('loaded');
    expect(readdirSync(root)).toHaveLength(3);
    expect(readFileSync(join(newer.folder, 'file'), 'utf8')).toBe('load 4');
  });

  it('is not there when loading failed', async () => {
    const root = mkdtempSync(join(inject('temporaryDirectory'), 'bench-data-'));
    const failing = (): Promise<never> => Promise.reject(new Error('the disk is full'));
    const preparation = { engine: 'sqlite', version: '1', cloud } as const;
    await expect(preparedCloud({ ...preparation, load: failing }, root)).rejects.toThrow('the disk is full');
    expect(readdirSync(root)).toEqual([]);
    expect((await preparedCloud({ ...preparation, load: counted().load }, root)).origin).toBe('loaded');
  });
});

function counted() {
  let loads = 0;
  return {
    loads: () => loads,
    load: (folder: string) => {
      loads += 1;
      writeFileSync(join(folder, 'file'), `load ${String(loads)}`);
      return Promise.resolve({ images: 3, properties: 5 });
    },
  };
}
