import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { startGalera, type GaleraCluster } from '../../scripts/servers/galera.ts';
import { startHaproxy } from '../../scripts/servers/haproxy.ts';
import {
  batchesOf,
  endState,
  galeraCloud,
  migrateAtWork,
  withDatabase,
  type GaleraCloud,
} from '../support/servers/galera-cloud.ts';
import { startNeighbour } from '../support/servers/galera-neighbour.ts';
import { runCli, type CliResult } from '../support/program/run-cli.ts';

/** Nodes notice after some seconds that one is gone, a run does not give up at once, and a node that comes back copies everything. */
describe('a Galera cluster of three nodes', () => {
  let cluster: GaleraCluster;
  /** One process on the first node, and nothing in its way. */
  let undisturbed: { readonly cloud: GaleraCloud; readonly result: CliResult; readonly end: unknown };

  beforeAll(async () => {
    cluster = await startGalera();
    return async () => cluster.stop();
  });
  beforeAll(async () => {
    const cloud = await galeraCloud(cluster, 'expanded');
    const result = await runCli(['migrate', '--database-url', cloud.at[0], '--yes']);
    undisturbed = { cloud, result, end: await endState(cloud.at[0]) };
  });

  const migrate = async (url: string, ...options: string[]): Promise<CliResult> =>
    runCli(['migrate', '--database-url', url, '--yes', ...options]);

  async function expectEnd(urls: readonly string[]): Promise<void> {
    for (const url of urls) {
      expectDone(await runCli(['verify', '--database-url', url]));
      expect(await endState(url)).toEqual(undisturbed.end);
    }
  }

  async function expectSynced(): Promise<void> {
    for (const node of cluster.nodes) {
      await withDatabase(node.url('mysql'), async (database) => {
        const rows = await database.query(
          "SHOW STATUS WHERE Variable_name IN ('wsrep_local_state_comment', 'wsrep_cluster_size')",
        );
        expect(rows.map((row) => row['Value'])).toEqual(['Synced', '3']);
      });
    }
  }

  it('migrates in one lane and small batches, and its results are on the other nodes', async () => {
    const { cloud, result } = undisturbed;
    expectDone(result);
    expect(result.stderr).toMatch(/\(MariaDB [\d.]+ \(Galera\), Glance .*\)/u);
    expect(result.stderr).toContain(', 200 rows a batch at first, each batch one transaction.');
    await expectEnd(cloud.at.slice(1));
  });

  it('ends in two shards, one on each node at the same time, as in one process', async () => {
    const { at } = await galeraCloud(cluster, 'expanded');
    const results = await Promise.all(
      [1, 2].map(async (part) => migrate(at[part - 1] ?? '', '--shard', `${part}/2`, '--batch-size', '20')),
    );
    for (const result of results) expectDone(result);
    await expectEnd([at[2]]);
    const batches = await batchesOf(at[0]);
    // Each shard numbers its batches with another remainder.
    expect(new Set(batches.map(({ batch }) => batch % 2))).toEqual(new Set([0, 1]));
    await expectNoRowTwice(at[0]);
  });

  it.each([
    ['wsrep_max_ws_rows', '150', '0'],
    ['wsrep_max_ws_size', '20000', '2147483647'],
  ])('halves batches that are beyond %s', async (variable, small, usual) => {
    const { at } = await galeraCloud(cluster, 'expanded');
    const limit = async (value: string): Promise<unknown> =>
      Promise.all(cluster.nodes.map(async (node) => node.admin(`SET GLOBAL ${variable} = ${value}`)));
    await limit(small);
    try {
      const result = await migrate(at[0], '--batch-size', '500');
      expect(result.stderr).toContain('is too large for the server; split in two');
      expectDone(result);
    } finally {
      await limit(usual);
    }
    await expectEnd([at[1]]);
    await expectNoRowTwice(at[0]);
  });

  it('waits while flow control holds the cluster up, and goes on when it does not', async () => {
    const { at } = await galeraCloud(cluster, 'expanded');
    const [, second] = cluster.nodes;
    const folder = mkdtempSync(join(tmpdir(), 'glance-retype-flow-'));
    const file = join(folder, 'pause');
    // Held until the cluster is, because nothing else of a run can be committed then.
    writeFileSync(file, '');
    const told: { text: string } = { text: '' };
    const running = runCli(['migrate', '--database-url', at[0], '--yes', '--pause-file', file], {
      onStderr: (text) => {
        told.text = text;
      },
    });
    const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
      while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
    };
    const ended = running.then(({ stdout, stderr }) => Promise.reject(new Error(stdout + stderr)));
    ended.catch(() => undefined);
    await Promise.race([until(() => told.text.includes('paused:')), ended]);
    const release = await blockApplying(second, at[1]);
    const paused = async (): Promise<number> =>
      withDatabase(at[0], async (database) => {
        const [row] = await database.observe(async (observer) =>
          observer.query("SHOW GLOBAL STATUS LIKE 'wsrep_flow_control_paused_ns'"),
        );
        return Number(row?.['Value']) / 1e9;
      });
    const began = await paused();
    const writes = Array.from({ length: 20 }, async () =>
      withDatabase(at[0], async (database) => database.execute('INSERT INTO blocked VALUES (1)')),
    );
    try {
      // By then the run has measured it twice.
      await Promise.race([until(async () => (await paused()) > began + 3), ended]);
      rmSync(folder, { recursive: true });
      await Promise.race([until(() => told.text.includes('waiting:')), ended]);
      // The tool's own sessions would wait for what cannot be applied now.
      expect(await askPlainly(at[0], 'SELECT COUNT(*) AS n FROM retype_batches')).toEqual([{ n: 0 }]);
    } finally {
      await release();
      await Promise.all(writes);
    }
    const result = await running;
    expectDone(result);
    expect(result.stderr).toMatch(
      /waiting: the share of time in which Galera flow control holds the cluster up is \d+(?:\.\d)? %, above 2 %/u,
    );
    expect(result.stderr).toMatch(/going on after /u);
    await expectEnd(at);
    await withDatabase(at[0], async (database) => database.execute('DROP TABLE blocked'));
  });

  it('fences a process that stood still on one node while another took over on the other', async () => {
    const { at } = await galeraCloud(cluster, 'expanded');
    const { signal, ended } = await migrateAtWork(at[0], at[1]);
    onTestFinished(() => signal('SIGKILL'));
    signal('SIGSTOP');

    // Nobody can know whether it is alive: it is watched for half a minute, whatever the clocks of the nodes say.
    const next = await migrate(at[1]);
    expect(next.stderr).toMatch(/waiting to see whether migrate on .* is alive, up to 30 s/u);
    expectDone(next);
    const batches = await batchesOf(at[1]);

    signal('SIGCONT');
    const late = await ended;
    expect(late.stderr).toContain('LEASE_LOST');
    expect(late).toMatchObject({ code: 6, signal: null });
    expect(await batchesOf(at[0])).toEqual(batches);
    await expectEnd(at.slice(1));
    await expectNoRowTwice(at[0]);
  });

  it('is expanded and rolled back on all nodes, also where nodes are set to upgrade one by one', async () => {
    const { at } = await galeraCloud(cluster, 'as Glance made it');
    const upgrade = async (method: string): Promise<unknown> =>
      Promise.all(cluster.nodes.map(async (node) => node.admin(`SET GLOBAL wsrep_OSU_method = ${method}`)));
    await upgrade('RSU');
    try {
      expectDone(await runCli(['expand', '--database-url', at[0], '--yes']));
      for (const url of at) expect(await resultColumns(url)).toBe(3);
      expectDone(await migrate(at[0]));
      await expectSynced();
      await expectEnd([at[1]]);
      expectDone(await runCli(['rollback', '--database-url', at[0], '--yes']));
      for (const url of at) expect(await resultColumns(url)).toBe(0);
      await expectSynced();
    } finally {
      await upgrade('TOI');
    }
  });

  it.each(['writerPort', 'roundRobinPort'] as const)(
    'works through HAProxy (%s) and is no trouble to a neighbour there',
    async (way) => {
      const { at } = await galeraCloud(cluster, 'as Glance made it');
      const haproxy = await startHaproxy(cluster.nodes.map(({ port }) => port));
      onTestFinished(async () => haproxy.stop());
      const url = Object.assign(new URL(at[0]), { host: `127.0.0.1:${haproxy[way]}` }).href;
      const neighbour = await startNeighbour(url);
      const counts: number[] = [];
      for (const command of [['plan'], ['expand', '--yes'], ['migrate', '--yes', '--batch-size', '20'], ['verify']]) {
        expectDone(await runCli([...command, '--database-url', url]));
        counts.push(neighbour.done());
      }
      await expectEnd([at[2]]);
      expectDone(await runCli(['rollback', '--database-url', url, '--yes']));
      const { failed, changed } = await neighbour.stop();
      expect(changed).toEqual([]);
      // Galera breaks off who is in the way of an ALTER, or writes at one node what another is writing; it tries a statement once more itself.
      const conflicts = failed.filter((text) => text.includes('Deadlock found'));
      expect(failed).toEqual(conflicts);
      expect(conflicts.length).toBeLessThan(neighbour.done() / 200);
      // He was at work all the time.
      expect(counts).toEqual([...new Set(counts)].toSorted((a, b) => a - b));
    },
  );

  it.each(['writerPort', 'roundRobinPort'] as const)('rehearses through HAProxy (%s)', async (way) => {
    const { at } = await galeraCloud(cluster, 'as Glance made it');
    const haproxy = await startHaproxy(cluster.nodes.map(({ port }) => port));
    onTestFinished(async () => haproxy.stop());
    const url = Object.assign(new URL(at[0]), { host: `127.0.0.1:${haproxy[way]}` }).href;
    const tables = async (): Promise<unknown> =>
      withDatabase(at[1], async (database) =>
        database.query(
          "SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA LIKE 't!_%' ESCAPE '!' ORDER BY 1, 2",
        ),
      );
    const before = await tables();
    const { code, stdout, stderr } = await runCli(['rehearse', '--database-url', url, '--yes', '--kills', '2']);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/^Rehearsal passed: killed 2 times, nothing lost/u);
    expect(await tables()).toEqual(before);
  });

  it('goes on at another node when its own is killed: writing, reading and through HAProxy', async () => {
    const [first] = cluster.nodes;
    const clouds = [await galeraCloud(cluster, 'expanded'), await galeraCloud(cluster, 'expanded')] as const;
    const haproxy = await startHaproxy(cluster.nodes.map(({ port }) => port));
    onTestFinished(async () => haproxy.stop());
    const proxied = Object.assign(new URL(clouds[1].at[0]), { host: `127.0.0.1:${haproxy.writerPort}` }).href;
    const work = [
      await migrateAtWork(clouds[0].anywhere, clouds[0].at[1]),
      await migrateAtWork(proxied, clouds[1].at[1]),
    ];
    const reading = runCli(['plan', '--database-url', undisturbed.cloud.anywhere]);
    await first.kill();
    onTestFinished(async () => first.restart());
    for (const { ended } of work) expectDone(await ended);
    expectDone(await reading);
    for (const { at } of clouds) {
      await expectEnd([at[2]]);
      await expectNoRowTwice(at[1]);
    }
  });

  it('goes on at another node when its own is parted from the others; where there is no other it fails clearly, and resumes', async () => {
    const [first] = cluster.nodes;
    const moving = await galeraCloud(cluster, 'expanded');
    const staying = await galeraCloud(cluster, 'expanded');
    const moved = await migrateAtWork(moving.anywhere, moving.at[1]);
    const failed = await migrateAtWork(staying.at[0], staying.at[1]);
    await first.part();
    expectDone(await moved.ended);
    await expectEnd([moving.at[1]]);

    const { code, stderr } = await failed.ended;
    expect(stderr).toMatch(/DATABASE_UNREACHABLE|OUTCOME_UNKNOWN/u);
    expect(stderr).toContain('the quorum is lost');
    expect(code).toBe(8);

    await first.rejoin();
    const before = await batchesOf(staying.at[0]);
    expectDone(await migrate(staying.at[0], '--batch-size', '20'));
    expect((await batchesOf(staying.at[0])).slice(0, before.length)).toEqual(before);
    await expectEnd([moving.at[0], staying.at[2]]);
    await expectNoRowTwice(staying.at[0]);
  });

  it('waits while the quorum is lost, and goes on by itself when there is one again', async () => {
    const [first, second, third] = cluster.nodes;
    const { at, anywhere } = await galeraCloud(cluster, 'expanded');
    const { ended } = await migrateAtWork(anywhere, at[1]);
    await Promise.all([second.kill(), third.kill()]);
    await first.bootstrap();
    const result = await ended;
    expectDone(result);
    expect(result.stderr).toMatch(/the quorum is lost|Primary Component|WSREP/u);
    await expectEnd([at[0]]);
    await second.restart();
    await third.restart();
    await expectEnd([at[2]]);
    await expectNoRowTwice(at[0]);
  });
});

/** Asks in a session with the server's own settings. */
async function askPlainly(url: string, sql: string): Promise<unknown> {
  const connection = createConnection({ uri: url });
  return new Promise((resolve, reject) => {
    connection.query(sql, (error, rows) => (error === null ? resolve(rows) : reject(error)));
  }).finally(() => connection.end());
}

/**
 * Makes a node ask the others to wait as soon as one write set is behind, and keeps it from applying those of one
 * table.
 * @returns what ends that.
 */
async function blockApplying(node: GaleraCluster['nodes'][0], url: string): Promise<() => Promise<void>> {
  await withDatabase(url, async (database) => database.execute('CREATE TABLE blocked (n INTEGER)'));
  await node.admin("SET GLOBAL wsrep_provider_options = 'gcs.fc_limit=1'");
  const locked = createConnection({ uri: url, multipleStatements: true });
  const run = async (sql: string): Promise<void> =>
    new Promise((resolve, reject) => {
      locked.query(sql, (error) => (error === null ? resolve() : reject(error)));
    });
  await run('SET SESSION wait_timeout = 600; LOCK TABLES blocked WRITE');
  return async () => {
    await run('UNLOCK TABLES');
    locked.end();
    await node.admin("SET GLOBAL wsrep_provider_options = 'gcs.fc_limit=16'");
  };
}

async function resultColumns(url: string): Promise<number> {
  return withDatabase(url, async (database) => {
    const rows = await database.query(
      "SHOW COLUMNS FROM images WHERE Field IN ('image_type', 'container_type', 'envelope')",
    );
    return rows.length;
  });
}

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
