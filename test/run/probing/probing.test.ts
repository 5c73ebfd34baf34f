import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { gptDisk, mbrDisk, qcow2 } from '../../../scripts/fixtures/payloads/disks.ts';
import { bzImage, ext4Volume, initrd, isoImage } from '../../../scripts/fixtures/payloads/volumes.ts';
import { isDecided, type Decision } from '../../../src/model/decision.ts';
import type { RunEvent } from '../../../src/model/event.ts';
import type { StopRequest } from '../../../src/run/context/stop.ts';
import type { ProbeMode } from '../../../src/run/context/run-inputs.ts';
import { DIGESTED_BYTES } from '../../../src/probe/cache/digested-source.ts';
import { openProbing, type Probing } from '../../../src/run/probing/probing.ts';
import { requireExpanded } from '../../../src/run/preflight.ts';
import { verify } from '../../../src/run/verify/verify.ts';
import { ENGINES } from '../../support/servers/engines.ts';
import {
  COLUMNS,
  countByStatus,
  openBench,
  runExpand,
  runMigrate,
  runPlan,
  shipped,
  stopAfterOneBatch,
  terms,
  type Bench,
} from '../../support/cloud/migration.ts';
import { storeFixture, type StoreFixture } from '../support/image-store.ts';

const UNDECIDED = { ...terms(), probe: 'undecided' as const };

describe.each(ENGINES)('looking into images on %s', (engine) => {
  it('decides what the rows leave open, the same in plan, migrate and verify', async () => {
    const store = await storeFixture(engine);
    const expected = new Map<string, string>();
    const add = async (bytes: Buffer, classification: string): Promise<void> => {
      expected.set((await store.add(bytes)).id, classification);
    };
    await add(mbrDisk(1), 'disk raw');
    await add(gptDisk(1), 'disk raw');
    await add(ext4Volume(1), 'filesystem raw');
    await add(isoImage(1), 'iso9660 raw');
    await add(bzImage(1), 'kernel raw');
    await add(initrd(1), 'ramdisk raw');
    await add(qcow2(mbrDisk(2)), 'disk qcow2');
    await add(Buffer.alloc(1024 * 1024), 'ambiguous');
    const bench = await openBench(store.url);
    const blind = await runPlan(bench);
    expect(countByStatus(blind).ambiguous).toBe(expected.size);

    const planned = await runPlan(bench, { lookInside: (await look(bench, store)).lookInside });
    const seen = new Map(planned.map(({ evidence, decision }) => [evidence.image.id, answer(decision)]));
    expect(seen).toEqual(expected);

    await runExpand(bench, COLUMNS);
    const migrated = await runMigrate(
      bench,
      { lookInside: (await look(bench, store)).lookInside, pageSize: 3 },
      UNDECIDED,
    );
    expect(migrated.totals.counts).toEqual(countByStatus(planned));
    for (const row of await bench.writer.query('SELECT id, image_type, container_type FROM images')) {
      const [type, container] = [row['image_type'], row['container_type']] as readonly (string | null)[];
      const written = type === null ? 'ambiguous' : `${type} ${container}`;
      expect(written).toBe(expected.get(String(row['id'])));
    }
    const { lookInside } = await look(bench, store);
    const verified = await verify(bench.context({ lookInside }), await requireExpanded(bench.writer));
    expect([verified.sample, verified.refreshable]).toEqual([[], 0]);
  });

  it('reads images of equal checksum once, and none in another mode than asked for', async () => {
    const store = await storeFixture(engine);
    const disk = mbrDisk(3);
    for (let copy = 0; copy < 20; copy += 1) await store.add(disk);
    await store.add(disk, { hashes: 'md5' });
    await store.add(disk, { hashes: 'none' });
    await store.add(qcow2(mbrDisk(4)), { disk: 'qcow2' });
    await store.add(disk, { status: 'queued' });
    await store.add(null, { size: 0, locations: [] });
    const bench = await openBench(store.url);
    const undecided = await look(bench, store);
    await runPlan(bench, { lookInside: undecided.lookInside });
    expect(undecided.counts()).toMatchObject({ read: 3, shared: 19, unread: 0 });
    const all = await look(bench, store, { mode: 'all' });
    const planned = await runPlan(bench, { lookInside: all.lookInside });
    expect(all.counts()).toMatchObject({ read: 23, shared: 0, unread: 0 });
    expect(planned.filter(({ evidence }) => evidence.content !== undefined)).toHaveLength(23);
  });

  it('knows from the cache what it has read before, for one read of each head, and nothing of files that are gone', async () => {
    const store = await storeFixture(engine);
    for (const bytes of [mbrDisk(5), ext4Volume(5), isoImage(5), bzImage(5), Buffer.alloc(4096)])
      await store.add(bytes);
    const bench = await openBench(store.url);
    const cacheFile = join(mkdtempSync(join(tmpdir(), 'glance-retype-cache-')), 'verdicts.sqlite');
    const planned = await runPlan(bench, { lookInside: (await look(bench, store, { cacheFile })).lookInside });
    await runExpand(bench, COLUMNS);
    const later = await look(bench, store, { cacheFile });
    const result = await runMigrate(bench, { lookInside: later.lookInside }, UNDECIDED);
    expect(later.counts()).toMatchObject({ read: 0, shared: 5, unread: 0, requests: 5 });
    expect(later.counts().bytes).toBeLessThanOrEqual(5 * DIGESTED_BYTES);
    expect(result.totals.counts).toEqual(countByStatus(planned));
    const again = await runPlan(bench, { lookInside: (await look(bench, store, { cacheFile })).lookInside });
    expect(again.map(({ decision }) => decision)).toEqual(planned.map(({ decision }) => decision));
    for (const name of readdirSync(store.directory)) rmSync(join(store.directory, name));
    const lost = await look(bench, store, { cacheFile });
    await runPlan(bench, { lookInside: lost.lookInside });
    expect(lost.counts()).toEqual({ read: 0, shared: 0, unread: 5, requests: 0, bytes: 0 });
  });

  it('gives a row that claims the checksum and size of another image its own verdict', async () => {
    const store = await storeFixture(engine);
    const [disk, volume] = [Buffer.alloc(1024 * 1024), Buffer.alloc(1024 * 1024)];
    mbrDisk(6).copy(disk);
    ext4Volume(6).copy(volume);
    const cacheFile = join(mkdtempSync(join(tmpdir(), 'glance-retype-cache-')), 'verdicts.sqlite');
    const honest = await store.add(disk, { id: '00000000-0000-4000-8000-000000000001' });
    const forged = await store.add(volume, { id: 'ffffffff-0000-4000-8000-000000000001', hashOf: disk });
    const bench = await openBench(store.url);
    for (const _round of ['memory', 'cache']) {
      const probing = await look(bench, store, { cacheFile });
      const rows = await runPlan(bench, { lookInside: probing.lookInside });
      const seen = new Map(rows.map(({ evidence, decision }) => [evidence.image.id, answer(decision)]));
      expect([seen.get(honest.id), seen.get(forged.id)]).toEqual(['disk raw', 'filesystem raw']);
    }
  });

  it('goes on where a file cannot be read, and says why without a path or a location', async () => {
    const store = await storeFixture(engine);
    const good = await store.add(mbrDisk(6));
    const lost = await store.add(null, { size: 512, hashes: 'none' });
    const elsewhere = await store.add(null, {
      size: 512,
      hashes: 'none',
      locations: ['swift+https://user:hunter2@keystone/v3/glance/x'],
    });
    const directory = await store.add(null, {
      size: 512,
      hashes: 'none',
      locations: [`file://${store.directory}/sub`],
    });
    mkdirSync(join(store.directory, 'sub'));
    const bench = await openBench(store.url);
    const probing = await look(bench, store);
    const rows = await runPlan(bench, { lookInside: probing.lookInside });
    const contents = new Map(rows.map(({ evidence }) => [evidence.image.id, evidence.content]));
    expect(contents.get(good.id)).toMatchObject({ kind: 'read', verdict: { imageType: 'disk' } });
    expect(contents.get(lost.id)).toEqual({ kind: 'unread', why: 'no such file in the store' });
    expect(contents.get(elsewhere.id)).toEqual({ kind: 'unread', why: 'its data lies in another store (swift)' });
    expect(contents.get(directory.id)).toEqual({ kind: 'unread', why: 'a directory, not a file' });
    const findings = rows.flatMap(({ evidence, decision }) => (evidence.image.id === lost.id ? decision.findings : []));
    expect(findings).toContain('CONTENT_UNREAD');
    const text = JSON.stringify(rows.map(({ decision, evidence }) => [decision, evidence.content]));
    expect(text).not.toContain(store.directory);
    expect(text).not.toContain('hunter2');
    expect(probing.counts()).toMatchObject({ read: 1, unread: 3 });
  });

  it('opens nothing outside the store: not by a location, not by a link, not by an id', async () => {
    const store = await storeFixture(engine);
    const outside = mkdtempSync(join(tmpdir(), 'glance-retype-outside-'));
    writeFileSync(join(outside, 'disk'), mbrDisk(7));
    const planted = [
      await store.add(null, { size: 512, hashes: 'none', locations: ['file:///etc/hostname'] }),
      await store.add(null, { size: 512, hashes: 'none', locations: [`file://${outside}/disk`] }),
      await store.add(null, {
        size: 512,
        hashes: 'none',
        locations: [`file://${store.directory}/../${outside.split('/').at(-1) ?? ''}/disk`],
      }),
      await store.add(null, {
        size: 512,
        hashes: 'none',
        id: `../${outside.split('/').at(-1) ?? ''}/disk`.slice(0, 36),
        locations: [],
      }),
    ];
    const linked = await store.add(null, { size: 512, hashes: 'none', locations: [] });
    symlinkSync(join(outside, 'disk'), linked.path);
    // Where the location leads out, the name that Glance gives is tried: it may well be there.
    const named = await store.add(mbrDisk(8), { locations: ['file:///etc/hostname'] });
    const bench = await openBench(store.url);
    const rows = await runPlan(bench, { lookInside: (await look(bench, store)).lookInside });
    const contents = new Map(rows.map(({ evidence }) => [evidence.image.id, evidence.content]));
    for (const { id } of [...planted, linked]) expect(contents.get(id)?.kind).toBe('unread');
    expect(contents.get(named.id)).toMatchObject({ kind: 'read', verdict: { imageType: 'disk' } });
  });

  it('trusts no checksum where the file has another size than the row', async () => {
    const store = await storeFixture(engine);
    const disk = mbrDisk(9);
    const cut = await store.add(disk, { id: '00000000-0000-4000-8000-000000000001' });
    truncateSync(cut.path, 1024);
    const whole = await store.add(disk, { id: 'ffffffff-0000-4000-8000-000000000001' });
    const bench = await openBench(store.url);
    const cacheFile = join(mkdtempSync(join(tmpdir(), 'glance-retype-cache-')), 'verdicts.sqlite');
    for (const round of ['first', 'second']) {
      const probing = await look(bench, store, { cacheFile, jobs: 1 });
      const rows = await runPlan(bench, { lookInside: probing.lookInside, pageSize: 1 });
      const safety = new Map(
        rows.map(({ evidence: { image, content } }) => [
          image.id,
          content?.kind === 'read' ? content.verdict.safety : null,
        ]),
      );
      expect(safety.get(cut.id)).toContain('SIZE_MISMATCH');
      expect(safety.get(whole.id)).toEqual([]);
      expect(probing.counts().read).toBe(round === 'first' ? 2 : 1);
    }
  });

  it('ends as an undisturbed run does, wherever it is stopped, and refuses to go on in another mode', async () => {
    const undisturbed = await migratable(engine);
    await runMigrate(undisturbed.bench, { ...(await lookAt(undisturbed)), pageSize: 4 }, UNDECIDED);
    const expected = await endState(undisturbed.bench);

    const disturbed = await migratable(engine);
    let stops = 0;
    for (;;) {
      const one = { ...(await lookAt(disturbed)), pageSize: 4, ...stopAfterOneBatch() };
      const result = await runMigrate(disturbed.bench, one, UNDECIDED);
      if (result.end === 'complete') break;
      stops += 1;
      await expect(runMigrate(disturbed.bench, {}, terms())).rejects.toMatchObject({ code: 'RUN_MISMATCH' });
    }
    expect(stops).toBeGreaterThan(3);
    expect(await endState(disturbed.bench)).toEqual(expected);
  });

  it('writes nothing of a page on which it was stopped', async () => {
    const { bench, store } = await migratable(engine);
    let looked = 0;
    const stop = { requested: () => looked >= 6 };
    const phases: string[] = [];
    const onEvent = (event: RunEvent): void => {
      if (event.kind === 'phase') phases.push(event.phase);
      if (event.kind === 'probe') looked = event.images;
    };
    // One image at a time, and enough time between two of them to notice.
    const slow = await look(bench, store, { jobs: 1, stop, onEvent });
    const result = await runMigrate(bench, { lookInside: slow.lookInside, pageSize: 4, stop, onEvent }, UNDECIDED);
    expect(result.end).toBe('stopped');
    expect(result.totals.rowsRead % 4).toBe(0);
    expect(phases).not.toContain('tail');
    // Already on the first page.
    looked = 6;
    const again = await look(bench, store, { jobs: 1, stop });
    const second = await runMigrate(bench, { lookInside: again.lookInside, pageSize: 4, stop, onEvent }, UNDECIDED);
    expect([second.end, second.written > 4, phases.includes('tail')]).toEqual(['stopped', false, false]);
    for (const row of await bench.writer.query('SELECT image_id, status FROM retype_images')) {
      expect(row['status']).not.toBe('ambiguous');
    }
  });

  it('finds what came behind the first pass by looking into it as well', async () => {
    const { bench, store } = await migratable(engine);
    const late = '00000000-0000-4000-8000-00000000000a';
    const { lookInside } = await look(bench, store);
    let planted: Promise<unknown> | null = null;
    // Its id is before all others: the first pass has left it behind after two pages.
    const onEvent = (event: RunEvent): void => {
      if (event.kind === 'progress' && event.done >= 8) planted ??= store.add(isoImage(77), { id: late });
    };
    let waited = 0;
    const waiting: typeof lookInside = async (images) => {
      if (planted !== null) waited += 1;
      await planted;
      return lookInside(images);
    };
    await runMigrate(bench, { lookInside: waiting, pageSize: 4, onEvent }, UNDECIDED);
    expect(waited).toBeGreaterThan(0);
    const [row] = await bench.writer.query('SELECT image_type FROM images WHERE id = ?', [late]);
    expect(row?.['image_type']).toBe('iso9660');
  });

  it('asks the database nothing more when it is off', async () => {
    const { bench } = await migratable(engine);
    const asked = async (lookInside: Probing['lookInside'] | undefined): Promise<readonly string[]> => {
      const statements: string[] = [];
      const reader = {
        ...bench.reader,
        label: bench.reader.label,
        dialect: bench.reader.dialect,
        query: (sql: string, bindings?: Parameters<typeof bench.reader.query>[1]) => {
          statements.push(sql);
          return bench.reader.query(sql, bindings);
        },
      };
      await runPlan(
        { ...bench, context: (options) => ({ ...bench.context(options), reader, columns: 'all' }) },
        { lookInside },
      );
      return statements;
    };
    const off = await asked(undefined);
    expect(off.join('\n')).not.toMatch(/image_locations|checksum|os_hash/u);
    // Nor where no row of a page is open.
    const idle = await asked((images) => Promise.resolve(images));
    expect(idle).toEqual(off);
  });
});

interface Migratable {
  readonly bench: Bench;
  readonly store: StoreFixture;
}

/** Twenty raw images that only their bytes decide, expanded. */
async function migratable(engine: (typeof ENGINES)[number]): Promise<Migratable> {
  const store = await storeFixture(engine);
  for (let index = 0; index < 20; index += 1) {
    const id = `${(index * 12 + 16).toString(16)}000000-0000-4000-8000-000000000001`;
    await store.add(index % 2 === 0 ? mbrDisk(index + 100) : ext4Volume(index), { id });
  }
  const bench = await openBench(store.url);
  await runExpand(bench, COLUMNS);
  return { bench, store };
}

async function lookAt({ bench, store }: Migratable): Promise<Pick<Probing, 'lookInside'>> {
  return { lookInside: (await look(bench, store)).lookInside };
}

interface LookOptions {
  readonly mode?: ProbeMode;
  readonly jobs?: number;
  readonly cacheFile?: string;
  readonly stop?: StopRequest;
  readonly onEvent?: (event: RunEvent) => void;
}

async function look(bench: Bench, store: StoreFixture, options: LookOptions = {}): Promise<Probing> {
  const probing = await openProbing(
    {
      mode: options.mode ?? 'undecided',
      stores: [store.directory],
      imageApi: null,
      reads: options.jobs === undefined ? { kind: 'adaptive', most: 64 } : { kind: 'fixed', reads: options.jobs },
      cacheFile: options.cacheFile ?? null,
    },
    {
      reader: bench.reader,
      schema: bench.schema,
      decide: shipped.decide,
      onEvent: options.onEvent ?? (() => {}),
      stop: options.stop ?? { requested: () => false },
      environment: {},
    },
  );
  onTestFinished(() => probing.close());
  return probing;
}

function answer(decision: Decision): string {
  return isDecided(decision)
    ? `${decision.classification.imageType} ${decision.classification.containerType}`
    : decision.status;
}

async function endState(bench: Bench): Promise<unknown> {
  return bench.writer.query(
    `SELECT i.id, i.image_type, i.container_type, i.envelope, r.status, r.rule, r.run_id, r.evidence, r.findings, r.candidates
     FROM images i JOIN retype_images r ON r.image_id = i.id ORDER BY i.id`,
  );
}
