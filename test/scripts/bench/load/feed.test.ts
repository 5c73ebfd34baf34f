import { describe, expect, it } from 'vitest';
import { feedCloud } from '../../../../scripts/bench/load/feed.ts';

const CLOUD = { images: 5_000, seed: 3 };
const SILENT = ['sh', '-c', 'cat >/dev/null'] as const;

describe('feeding a cloud to two clients', () => {
  it('counts what it fed', async () => {
    const fed = await feedCloud(CLOUD, { images: SILENT, properties: SILENT });
    expect(fed.images).toBe(5_000);
    expect(fed.properties).toBeGreaterThan(1_000);
  });

  it('fails with what a client printed before it ended, though the pipe broke first', async () => {
    const failing = ['sh', '-c', 'echo no such table >&2; exit 1'] as const;
    await expect(feedCloud(CLOUD, { images: failing, properties: SILENT })).rejects.toThrow('no such table');
    await expect(feedCloud(CLOUD, { images: SILENT, properties: failing })).rejects.toThrow('no such table');
  });

  it('takes a client that ends well but prints a warning for one that failed', async () => {
    const warning = ['sh', '-c', 'cat >/dev/null; echo Data truncated'] as const;
    await expect(feedCloud(CLOUD, { images: warning, properties: SILENT })).rejects.toThrow('Data truncated');
  });
});
