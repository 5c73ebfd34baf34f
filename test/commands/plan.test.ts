import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { loadPredictor } from '../../src/commands/options/load-services.ts';
import { shippedServices } from '../../src/services/table/service-files.ts';
import { storeFixture } from '../run/support/image-store.ts';
import { ENGINES } from '../support/servers/engines.ts';
import { runCommand } from '../support/program/command.ts';
import { glance } from './support/schema-change.ts';

it('plan writes its outputs and the questions, and says what to do next', async () => {
  const { url } = await glance('sqlite');
  const folder = mkdtempSync(join(tmpdir(), 'glance-retype-plan-'));
  const file = (name: string): string => join(folder, name);
  const asked = ['--questions', file('q.yaml'), '--json', file('p.json'), '--fail-on', 'undecided'];
  const { code, text } = await runCommand(url, 'plan', ...asked);
  expect([code, text.includes(`glance-retype questions ${file('q.yaml')}`)]).toEqual([4, true]);
  expect(readFileSync(file('q.yaml'), 'utf8')).toMatch(/^questions:$/m);
  const { images } = JSON.parse(readFileSync(file('p.json'), 'utf8')) as { images: readonly unknown[] };
  expect(images.length).toBeGreaterThan(0);
  expect((await runCommand(url, 'plan')).code).toBe(0);
});

interface Owners {
  readonly listed: readonly { readonly owner: string | null; readonly undecided: number; readonly breaks: number }[];
  readonly unseen: number;
}

describe.each(ENGINES)('whom to ask, on %s', (engine) => {
  it('is the same where owners were looked up afterwards and where they were read with every row', async () => {
    const store = await storeFixture(engine);
    const { url } = store;
    const fields = { container: 'bare', size: 5_000_000 } as const;
    const undecided = [
      (await store.add(null, { ...fields, disk: 'raw' })).id,
      (await store.add(null, { ...fields, disk: 'raw' })).id,
    ];
    const breaking = (await store.add(null, { ...fields, disk: 'aki', container: 'aki' })).id;
    await store.add(null, { ...fields, disk: 'qcow2' });
    const owners = async (owner: string | null, ids: readonly string[]) => {
      for (const id of ids) await store.database.execute('UPDATE images SET owner = ? WHERE id = ?', [owner, id]);
    };
    await owners('ada', undecided);
    await owners(null, [breaking]);
    const file = join(mkdtempSync(join(tmpdir(), 'glance-retype-plan-')), 'p.json');
    const counted = (await runCommand(url, 'plan')).text;
    const read = (await runCommand(url, 'plan', '--json', file)).text;
    const section = (text: string): string => /\nWhom to ask: [^]*?\n\n/.exec(text)?.[0] ?? '';
    expect(section(counted)).toMatch(/ 2 +ada +raw-bare-[0-9a-f]{8}\n +0 +1 +no owner\n/);
    expect(section(counted)).toBe(section(read));
    const { owners: found } = JSON.parse(readFileSync(file, 'utf8')) as { readonly owners: Owners };
    expect(found).toMatchObject({
      listed: [
        { owner: 'ada', undecided: 2, breaks: 0 },
        { owner: null, undecided: 0, breaks: 1 },
      ],
      unseen: 0,
    });
  });
});

interface Foreseen {
  readonly glance_retype: Readonly<Record<string, unknown>>;
  readonly images: readonly {
    readonly image_id: string;
    readonly nova_today: string;
    readonly findings: readonly string[];
    readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  }[];
}

it('plan predicts the services of the release, the backend and the table that options name', async () => {
  const store = await storeFixture('sqlite');
  const disk = new Uint8Array(1024 * 1024);
  // A boot sector without a partition.
  disk.set([0x55, 0xaa], 510);
  await store.add(disk, { disk: 'raw', container: 'bare' });
  const file = join(mkdtempSync(join(tmpdir(), 'glance-retype-plan-')), 'p.json');
  const look = ['--probe', 'all', '--store-path', store.directory, '--probe-cache', 'off', '--json', file];
  const planned = async (...options: readonly string[]): Promise<Foreseen> => {
    expect((await runCommand(store.url, 'plan', ...look, ...options)).code).toBe(0);
    return JSON.parse(readFileSync(file, 'utf8')) as Foreseen;
  };

  const newest = await planned();
  const { settings } = loadPredictor({});
  expect(newest.glance_retype).toMatchObject({
    openstack: settings.release,
    openstack_before: null,
    nova_backend: settings.novaBackend,
  });
  expect(newest.images[0]).toMatchObject({ nova_today: 'refuse', services: { nova: { check: 'mbr', before: null } } });

  const compared = await planned('--openstack', '2024.1..2025.2');
  expect(compared.glance_retype).toMatchObject({
    openstack: '2025.2',
    openstack_before: '2024.1',
    nova_backend: 'qcow2',
  });
  expect(compared.images[0]).toMatchObject({
    // That of the release that runs today.
    nova_today: 'boot-disk',
    services: { nova: { verdict: 'refused', check: 'mbr', before: 'accepted' }, glance: { verdict: 'accepted' } },
  });
  expect(compared.images[0]?.findings).not.toContain('NOVA_REFUSES');

  const cloned = await planned('--nova-backend', 'rbd-clone');
  expect(cloned.glance_retype).toMatchObject({ nova_backend: 'rbd-clone' });
  expect(cloned.images[0]?.services['nova']).toMatchObject({ verdict: 'accepted', basis: 'not-inspected' });

  const own = `${file}.yaml`;
  writeFileSync(own, shippedServices().text.replaceAll(settings.release, '2099.1'));
  expect((await planned('--services', own)).glance_retype).toMatchObject({ openstack: '2099.1' });

  const wrong = await runCommand(store.url, 'plan', '--openstack', '1999.1');
  expect([wrong.code, wrong.text]).toEqual([2, expect.stringMatching(/^USAGE[^]*--openstack[^]*1999\.1/u) as string]);
});

it('plan says the same of services where rows were only counted and where they were read one by one', async () => {
  const store = await storeFixture('sqlite');
  for (const word of ['raw', 'qcow2', 'vhd', 'vhd', 'ploop', 'iso']) {
    for (let copy = 0; copy < 7; copy += 1) await store.add(null, { disk: word, container: 'bare', size: 5_000_000 });
  }
  const file = join(mkdtempSync(join(tmpdir(), 'glance-retype-plan-')), 'p.json');
  const services = (text: string): string => /\n[^\n]*OpenStack[^]*?\n\n/u.exec(text)?.[0] ?? '';
  const counted = (await runCommand(store.url, 'plan', '--full')).text;
  const read = (await runCommand(store.url, 'plan', '--full', '--json', file)).text;
  expect(services(counted)).toContain('21');
  expect(services(counted)).toBe(services(read));
});

it('plan takes no two names of a database', async () => {
  const { url } = await glance('sqlite');
  const { code, text } = await runCommand(url, 'plan', '--glance-conf', 'api.conf');
  expect([code, text]).toEqual([2, expect.stringMatching(/^USAGE[^]*database-url and glance-conf together/) as string]);
});
