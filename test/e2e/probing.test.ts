import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it, onTestFinished } from 'vitest';

import { gptDisk, mbrDisk } from '../../scripts/fixtures/payloads/disks.ts';
import { bzImage, ext4Volume, isoImage } from '../../scripts/fixtures/payloads/volumes.ts';
import type { Database } from '../../src/db/database.ts';
import { storeFixture, type StoreFixture } from '../run/support/image-store.ts';
import { ENGINES, type EngineName } from '../support/servers/engines.ts';
import { runCli } from '../support/program/run-cli.ts';

interface PlanFile {
  readonly images: readonly {
    readonly image_id: string;
    readonly status: string;
    readonly image_type: string | null;
  }[];
}

describe.each(ENGINES)('the built program looks into images on %s', (engine) => {
  it('from a store, and migrates from what plan has read', async () => {
    const store = await cloud(engine);
    const home = scratch();
    const env = { XDG_CACHE_HOME: home };
    const conf = join(scratch(), 'glance-api.conf');
    writeFileSync(
      conf,
      `[database]\nconnection = ${store.url}\n[glance_store]\nfilesystem_store_datadir = ${store.directory}\n`,
    );
    const json = join(scratch(), 'plan.json');
    const plan = await runCli(['plan', '--glance-conf', conf, '--json', json], { env });
    expect([plan.code, plan.stderr]).toEqual([0, expect.stringContaining('26 images looked into, 25 read')]);
    const planned = JSON.parse(readFileSync(json, 'utf8')) as PlanFile;
    expect(planned.images.filter(({ status }) => status === 'ambiguous')).toHaveLength(1);
    expect(readFileSync(json, 'utf8')).not.toContain(store.directory);

    expect((await runCli(['expand', '--glance-conf', conf, '--yes'])).code).toBe(0);
    const migrated = await runCli(['migrate', '--glance-conf', conf, '--yes'], { env });
    expect([migrated.code, migrated.stderr]).toEqual([
      0,
      expect.stringMatching(/0 read, 25 known by checksum and first bytes, 1 could not be read \(25 requests, /u),
    ]);
    const written = new Map((await results(store.database)).map((row) => [row['id'], row['image_type']]));
    for (const image of planned.images) expect(written.get(image.image_id)).toBe(image.image_type);
    const verified = await runCli(['verify', '--glance-conf', conf], { env });
    expect([verified.code, verified.stdout]).toEqual([0, expect.stringContaining('no difference')]);

    const blind = await runCli(['verify', '--glance-conf', conf, '--probe', 'off'], { env });
    expect([blind.code, blind.stderr]).toEqual([5, expect.stringContaining('verify with --probe undecided')]);
    const cache = readFileSync(join(home, 'glance-retype', 'verdicts.sqlite'), 'latin1');
    expect(cache).not.toMatch(/secret-name|file:|glance-retype-store/u);
    for (const { image_id } of planned.images) expect(cache).not.toContain(image_id);
  });

  it('ends as an undisturbed run does when it is killed', async () => {
    const undisturbed = await cloud(engine);
    await expand(undisturbed);
    await runCli(migrateArguments(undisturbed));
    const expected = await results(undisturbed.database);

    const store = await cloud(engine);
    await expand(store);
    let kills = 0;
    for (; kills < 3; kills += 1) {
      const before = await batchCount(store.database);
      const result = await runCli([...migrateArguments(store), '--batch-size', '2'], {
        onStderr: (text, kill) => {
          if (text.includes('each batch one transaction')) {
            void killAfterBatch(store.database, before, () => kill('SIGKILL'));
          }
        },
      });
      if (result.signal === null) break;
    }
    expect(kills).toBeGreaterThan(0);
    expect((await runCli(migrateArguments(store))).code).toBe(0);
    expect(await results(store.database)).toEqual(expected);
  });

  it('refuses what cannot be used before anything is read or written', async () => {
    const store = await cloud(engine);
    const at = ['--database-url', store.url];
    const many = await runCli(['plan', ...at, '--store-path', '/none', '--probe-jobs', 'x', '--image-api', 'x']);
    expect(many.code).toBe(2);
    for (const option of ['--store-path /none', '--probe-jobs', '--image-api']) expect(many.stderr).toContain(option);
    const sourceless = await runCli(['plan', ...at, '--probe', 'all']);
    expect([sourceless.code, sourceless.stderr]).toEqual([2, expect.stringContaining('USAGE')]);

    await expand(store);
    const deaf = await runCli(['migrate', ...at, '--yes', '--image-api', 'http://127.0.0.1:9']);
    expect([deaf.code, deaf.stderr]).toEqual([8, expect.stringContaining('IMAGE_API')]);
    const strict = await listening((_path, token) => (token === 'right' ? 404 : 401));
    const locked = await runCli(['migrate', ...at, '--yes', '--image-api', strict.url, '--os-token', 'hunter2']);
    expect([locked.code, locked.stderr]).toEqual([8, expect.stringContaining('401')]);
    expect(locked.stderr).not.toContain('hunter2');
    expect(await batchCount(store.database)).toBe(0);
    expect(await store.database.query('SELECT id FROM retype_runs')).toEqual([]);
  });

  it('from an image API', async () => {
    const store = await cloud(engine);
    const glance = await listening((path, token) => {
      const id = /^\/v2\/images\/([^/]+)\/file$/u.exec(path)?.[1] ?? '';
      if (token !== 'right') return 401;
      return readdirSync(store.directory).includes(id) ? readFileSync(join(store.directory, id)) : 404;
    });
    const json = join(scratch(), 'plan.json');
    const plan = await runCli(
      ['plan', '--database-url', store.url, '--image-api', glance.url, '--probe-cache', 'off', '--json', json],
      { env: { OS_TOKEN: 'right' } },
    );
    expect([plan.code, plan.stderr]).toEqual([0, expect.stringContaining('25 read')]);
    const planned = JSON.parse(readFileSync(json, 'utf8')) as PlanFile;
    expect(planned.images.filter(({ status }) => status === 'ambiguous')).toHaveLength(1);
    expect(plan.stdout).not.toContain('right');
  });

  it('ends when it is told to, although the image API hangs', async () => {
    const store = await cloud(engine);
    let asked: (() => void) | undefined;
    const glance = await listening((path) => {
      if (path.includes('00000000-0000-0000')) return 404;
      asked?.();
      return 'silence';
    });
    const options = ['--database-url', store.url, '--image-api', glance.url, '--probe-cache', 'off'];
    const child = spawn(process.execPath, [
      fileURLToPath(new URL('../../dist/cli.js', import.meta.url)),
      'plan',
      ...options,
    ]);
    asked = () => {
      // A second signal would end it the hard way.
      asked = undefined;
      child.kill('SIGTERM');
    };
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code).toBe(3);
    expect(glance.requests()).toBeLessThan(12);
  });

  it('survives a cache that is none, and says so', async () => {
    const store = await cloud(engine);
    const file = join(scratch(), 'cache');
    writeFileSync(file, 'a text file\n'.repeat(50));
    const source = ['--store-path', store.directory, '--probe-cache', file];
    const plan = await runCli(['plan', '--database-url', store.url, ...source]);
    expect([plan.code, plan.stderr]).toEqual([0, expect.stringContaining('is not used as a cache')]);
    expect(readFileSync(file, 'utf8')).toBe('a text file\n'.repeat(50));
  });
});

/** 25 raw images with bytes that tell, and one whose file is lost. */
async function cloud(engine: EngineName): Promise<StoreFixture> {
  const store = await storeFixture(engine);
  const makings = [mbrDisk, gptDisk, ext4Volume, isoImage, bzImage];
  for (let index = 0; index < 25; index += 1) {
    const making = makings[index % makings.length] ?? mbrDisk;
    await store.add(making(index + 1), { id: `${(index + 16).toString(16)}000000-0000-4000-8000-000000000000` });
  }
  await store.add(null, { size: 512, hashes: 'none', id: 'ff000000-0000-4000-8000-000000000000' });
  return store;
}

async function expand({ url }: StoreFixture): Promise<void> {
  expect((await runCli(['expand', '--database-url', url, '--yes'])).code).toBe(0);
}

function migrateArguments({ url, directory }: StoreFixture): readonly string[] {
  return ['migrate', '--database-url', url, '--yes', '--store-path', directory, '--probe-cache', 'off'];
}

async function results(database: Database) {
  return database.query(
    `SELECT i.id, i.image_type, i.container_type, i.envelope, r.status, r.rule, r.decision_key
     FROM images i JOIN retype_images r ON r.image_id = i.id ORDER BY i.id`,
  );
}

async function batchCount(database: Database): Promise<number> {
  const [row] = await database.query('SELECT COUNT(*) AS n FROM retype_batches');
  return Number(row?.['n']);
}

async function killAfterBatch(database: Database, before: number, kill: () => void): Promise<void> {
  while ((await batchCount(database)) <= before) {
    await new Promise((resolve) => {
      setTimeout(resolve, 2);
    });
  }
  kill();
}

function scratch(): string {
  return mkdtempSync(join(tmpdir(), 'glance-retype-e2e-'));
}

/** A web server that answers as Glance does: a status, or bytes, by range where one is asked for. */
async function listening(
  answer: (path: string, token: string | undefined) => number | Buffer | 'silence',
): Promise<{ readonly url: string; readonly requests: () => number }> {
  let requests = 0;
  const server: Server = createServer((request, response) => {
    requests += 1;
    const found = answer(request.url ?? '', request.headers['x-auth-token'] as string | undefined);
    if (found === 'silence') return;
    if (typeof found === 'number') {
      response.writeHead(found).end();
      return;
    }
    const range = /^bytes=(\d+)-(\d+)$/u.exec(request.headers.range ?? '');
    if (range === null) {
      response.writeHead(200, { 'content-length': found.length }).end(found);
      return;
    }
    const [first, last] = [Number(range[1]), Math.min(Number(range[2]), found.length - 1)];
    const part = found.subarray(first, last + 1);
    response.writeHead(206, { 'content-range': `bytes ${first}-${last}/${found.length}` }).end(part);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests: () => requests };
}
