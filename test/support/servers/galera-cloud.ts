import { randomUUID } from 'node:crypto';

import { loadCloud } from '../../../scripts/fixtures/cloud.ts';
import { runStatements } from '../../../scripts/fixtures/eras/create-era.ts';
import { newestSchema } from '../../../scripts/fixtures/eras/eras.ts';
import type { GaleraCluster } from '../../../scripts/servers/galera.ts';
import type { Database } from '../../../src/db/database.ts';
import { openDatabase } from '../../../src/db/engines/open.ts';
import { parseDatabaseUrl } from '../../../src/db/connection/url.ts';
import { runCli, type CliResult } from '../program/run-cli.ts';

/** One database on a cluster. */
export interface GaleraCloud {
  /** Its address at each node. */
  readonly at: readonly [string, string, string];
  /** Its address with all nodes, the first of them first. */
  readonly anywhere: string;
}

/** A cloud of 1,500 images, always the same. It is made at the first node that runs. */
export async function galeraCloud(
  cluster: GaleraCluster,
  state: 'expanded' | 'as Glance made it',
): Promise<GaleraCloud> {
  const name = `t_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  const [first, second, third] = cluster.nodes;
  const cloud: GaleraCloud = { at: [first.url(name), second.url(name), third.url(name)], anywhere: cluster.url(name) };
  await withDatabase(cluster.url('mysql'), async (database) => database.execute(`CREATE DATABASE ${name}`));
  await withDatabase(cloud.anywhere, async (database) => {
    await runStatements(database, newestSchema(database.dialect.name));
    await loadCloud(database, { images: 1500, seed: 5 });
  });
  if (state === 'expanded') {
    const expanded = await runCli(['expand', '--database-url', cloud.anywhere, '--yes']);
    if (expanded.code !== 0) throw new Error(expanded.stderr);
  }
  return cloud;
}

export async function withDatabase<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(parseDatabaseUrl(url, 'test'), 'read-write');
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** What a migration leaves behind, without what tells one batch from another. */
export async function endState(url: string) {
  return withDatabase(url, async (database) => ({
    images: await database.query('SELECT id, image_type, container_type, envelope, updated_at FROM images ORDER BY id'),
    journal: await database.query(
      'SELECT image_id, run_id, status, image_type, container_type, envelope, rule, decision_key, glance_status FROM retype_images ORDER BY image_id',
    ),
    runs: await database.query('SELECT id, state, counts FROM retype_runs ORDER BY id'),
  }));
}

/** Every committed batch, in the order of their numbers. */
export async function batchesOf(url: string) {
  return withDatabase(url, async (database) => {
    const rows = await database.query('SELECT batch, uuid, rows_written FROM retype_batches ORDER BY batch');
    return rows.map((row) => ({
      batch: Number(row['batch']),
      uuid: String(row['uuid']),
      written: Number(row['rows_written']),
    }));
  });
}

/** Waits, as one node sees it, until more batches than these are committed: in the middle of work, wherever that is. */
async function untilBatches(url: string, more: number): Promise<void> {
  await withDatabase(url, async (database) => {
    for (;;) {
      const [row] = await database.query('SELECT COUNT(*) AS n FROM retype_batches');
      if (Number(row?.['n']) > more) return;
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
    }
  });
}

/** A migrate at work. */
export interface MigrateAtWork {
  readonly signal: (name: NodeJS.Signals) => void;
  readonly ended: Promise<CliResult>;
}

/** Starts migrate on one node, in small batches, and waits until it is in the middle of work, seen from the other one. */
export async function migrateAtWork(at: string, seenFrom: string): Promise<MigrateAtWork> {
  return new Promise((resolve, reject) => {
    let begun = false;
    const ended = runCli(['migrate', '--database-url', at, '--yes', '--batch-size', '3'], {
      onStderr: (text, signal) => {
        if (begun || !text.includes('each batch one transaction')) return;
        begun = true;
        untilBatches(seenFrom, 3).then(() => resolve({ signal, ended }), reject);
      },
    });
    ended.then((result) => reject(new Error(`migrate ended before the middle of its work:\n${result.stderr}`)), reject);
  });
}
