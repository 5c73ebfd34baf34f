import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { startGalera, type GaleraCluster } from '../../scripts/servers/galera.ts';
import {
  batchesOf,
  endState,
  galeraCloud,
  migrateAtWork,
  withDatabase,
  type NodeUrls,
} from '../support/galera-cloud.ts';
import { runCli, type CliResult } from '../support/run-cli.ts';

/** Nodes notice after some seconds that one is gone, a run does not give up at once, and a node that comes back copies everything. */
const PATIENCE_MS = 300_000;

describe('migrate on a Galera cluster of two nodes', () => {
  let cluster: GaleraCluster;
  /** One process on the first node, and nothing in its way. */
  let undisturbed: { readonly urls: NodeUrls; readonly result: CliResult; readonly end: unknown };

  beforeAll(async () => {
    cluster = await startGalera();
    return async () => cluster.stop();
  });
  beforeAll(async () => {
    const urls = await galeraCloud(cluster);
    const result = await runCli(['migrate', '--database-url', urls[0], '--yes']);
    undisturbed = { urls, result, end: await endState(urls[0]) };
  });

  const migrate = async (url: string, ...options: string[]): Promise<CliResult> =>
    runCli(['migrate', '--database-url', url, '--yes', ...options]);

  async function expectEnd(urls: readonly string[]): Promise<void> {
    for (const url of urls) {
      expectDone(await runCli(['verify', '--database-url', url]));
      expect(await endState(url)).toEqual(undisturbed.end);
    }
  }

  it('goes in one lane and small batches, and its results are on the other node', async () => {
    const { urls, result } = undisturbed;
    expectDone(result);
    expect(result.stderr).toMatch(/\(MariaDB [\d.]+ \(Galera\), Glance .*\)/u);
    expect(result.stderr).toContain(', 200 rows a batch at first, each batch one transaction.');
    await expectEnd([urls[1]]);
  });

  it('in two shards, one on each node at the same time, ends as one process does', async () => {
    const urls = await galeraCloud(cluster);
    const results = await Promise.all(
      urls.map(async (url, index) => migrate(url, '--shard', `${index + 1}/2`, '--batch-size', '20')),
    );
    for (const result of results) expectDone(result);
    await expectEnd(urls);
    const batches = await batchesOf(urls[0]);
    // Each shard numbers its batches with another remainder.
    expect(new Set(batches.map(({ batch }) => batch % 2))).toEqual(new Set([0, 1]));
    await expectNoRowTwice(urls[0]);
  });

  it.each([
    ['wsrep_max_ws_rows', '150', '0'],
    ['wsrep_max_ws_size', '20000', '2147483647'],
  ])('halves batches that are beyond %s', async (variable, small, usual) => {
    const urls = await galeraCloud(cluster);
    const limit = async (value: string): Promise<unknown> =>
      Promise.all(cluster.nodes.map(async (node) => node.admin(`SET GLOBAL ${variable} = ${value}`)));
    await limit(small);
    try {
      const result = await migrate(urls[0], '--batch-size', '500');
      expect(result.stderr).toContain('is too large for the server; split in two');
      expectDone(result);
    } finally {
      await limit(usual);
    }
    await expectEnd(urls);
    await expectNoRowTwice(urls[0]);
  });

  it('fences a process that stood still on one node while another took over on the other', async () => {
    const urls = await galeraCloud(cluster);
    const { signal, ended } = await migrateAtWork(urls[0], urls[1]);
    onTestFinished(() => signal('SIGKILL'));
    signal('SIGSTOP');

    const early = await migrate(urls[1]);
    expect(early).toMatchObject({ code: 6 });
    expect(early.stderr).toContain('LEASE_HELD');
    await withDatabase(urls[1], async (database) => database.execute('UPDATE retype_lease SET expires_ms = 1'));
    expectDone(await migrate(urls[1]));
    const batches = await batchesOf(urls[1]);

    signal('SIGCONT');
    const late = await ended;
    expect(late.stderr).toContain('LEASE_LOST');
    expect(late).toMatchObject({ code: 6, signal: null });
    expect(await batchesOf(urls[0])).toEqual(batches);
    await expectEnd(urls);
    await expectNoRowTwice(urls[0]);
  });

  it('fails clearly when its node is killed, and goes on at the survivor', { timeout: PATIENCE_MS }, async () => {
    const [killed, survivor] = cluster.nodes;
    const urls = await galeraCloud(cluster);
    const { ended } = await migrateAtWork(urls[0], urls[1]);
    await killed.kill();
    const failed = await ended;
    expect(failed.stderr).toMatch(/DATABASE_UNREACHABLE|OUTCOME_UNKNOWN/u);
    expect(failed).toMatchObject({ code: 8, signal: null });

    await survivor.bootstrap();
    const before = await batchesOf(urls[1]);
    expectDone(await migrate(urls[1], '--batch-size', '3'));
    expect((await batchesOf(urls[1])).slice(0, before.length)).toEqual(before);
    await expectEnd([urls[1]]);

    await killed.restart();
    await expectEnd(urls);
    await expectNoRowTwice(urls[0]);
  });

  it(
    'waits while the other node is killed and the quorum lost, and goes on by itself when there is one again',
    { timeout: PATIENCE_MS },
    async () => {
      const [survivor, killed] = cluster.nodes;
      const urls = await galeraCloud(cluster);
      const { ended } = await migrateAtWork(urls[0], urls[1]);
      await killed.kill();
      await survivor.bootstrap();
      expectDone(await ended);
      await expectEnd([urls[0]]);
      await killed.restart();
      await expectEnd(urls);
      await expectNoRowTwice(urls[0]);
    },
  );
});

/** A command that did not end well shows what it said. */
function expectDone({ code, stdout, stderr }: CliResult): void {
  expect(code, stdout + stderr).toBe(0);
}

/** Every row of the journal was written by one batch, and none of them replaced another. */
async function expectNoRowTwice(url: string): Promise<void> {
  const written = (await batchesOf(url)).reduce((sum, batch) => sum + batch.written, 0);
  await withDatabase(url, async (database) => {
    const [row] = await database.query(
      'SELECT (SELECT COUNT(*) FROM retype_images) AS images, (SELECT COUNT(*) FROM retype_undo) AS replaced',
    );
    expect({ written, replaced: Number(row?.['replaced']) }).toEqual({ written: Number(row?.['images']), replaced: 0 });
  });
}
