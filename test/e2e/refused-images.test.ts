import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { mbrDisk, qcow2 } from '../../scripts/fixtures/payloads/disks.ts';
import { ext4Volume } from '../../scripts/fixtures/payloads/volumes.ts';
import { storeFixture } from '../run/support/image-store.ts';
import { runInTerminal } from '../support/program/real-terminal.ts';
import { runCli } from '../support/program/run-cli.ts';

/** What gate says of one service. */
interface ServiceCounts {
  readonly required: boolean;
  readonly accepted: number;
  readonly refused: number;
  readonly refused_today: number;
  readonly unknown: number;
  readonly unknown_because: readonly { readonly count: number }[];
}

interface GateDocument {
  readonly exit_code: number;
  readonly glance_retype_gate: { readonly openstack: string; readonly openstack_before: string | null };
  readonly reasons: readonly {
    readonly code: string;
    readonly count: number | null;
    readonly details: readonly {
      readonly text: string;
      readonly count: number;
      readonly sample_ids: readonly string[];
      readonly remedies: readonly unknown[];
    }[];
  }[];
  readonly notes: readonly string[];
  readonly services: Readonly<Record<string, ServiceCounts>>;
}

/** A disk that ends its first sector with 55 AA and has no partition: a bare NTFS or FAT looks like it. */
function emptyMbr(): Buffer {
  const disk = Buffer.alloc(1 << 20);
  disk.set([0x55, 0xaa], 510);
  return disk;
}

/** A qcow2 with extended L2 entries (bit 4), which no inspection knows. */
function extendedL2(): Buffer {
  const image = qcow2(mbrDisk(2));
  image.writeUInt8(0x10, 79);
  return image;
}

/** A Glance whose images lie in a directory, save two; how gate is asked about it, and which ids it names. */
async function cloud() {
  const store = await storeFixture('sqlite');
  const ids: Record<string, string> = {};
  const add = async (name: string, bytes: Buffer | null, disk: string): Promise<void> => {
    ids[name] = (await store.add(bytes, { disk, size: bytes?.length ?? 4096 })).id;
  };
  await add('disk', mbrDisk(1), 'raw');
  await add('volume', ext4Volume(1), 'raw');
  await add('container', qcow2(mbrDisk(3)), 'qcow2');
  await add('empty', emptyMbr(), 'raw');
  await add('extended', extendedL2(), 'qcow2');
  await add('misnamed', mbrDisk(4), 'qcow2');
  await add('lost', null, 'raw');
  await add('vhd', null, 'vhd');
  return {
    url: store.url,
    ids,
    looking: ['--probe', 'all', '--probe-cache', 'off', '--store-path', store.directory],
    gate: async (...words: readonly string[]) => {
      const at = ['--database-url', store.url, '--fail-on-findings', 'none'];
      const { code, stdout, stderr } = await runCli(['gate', ...at, '--json', '-', ...words]);
      const document = JSON.parse(stdout) as GateDocument;
      expect(code).toBe(document.exit_code);
      const refused = document.reasons.find((reason) => reason.code === 'SERVICES_REFUSE');
      const found = new Set((refused?.details ?? []).flatMap(({ sample_ids }) => sample_ids));
      const names = Object.keys(ids).filter((name) => found.has(ids[name] ?? ''));
      return { ...document, code, stderr, refused, names };
    },
  };
}

describe('gate with the services of a release', () => {
  it('says nothing about services without --openstack', async () => {
    const { gate, looking } = await cloud();
    const { services, refused, stderr } = await gate(...looking);
    expect([services, refused]).toEqual([{}, undefined]);
    expect(stderr).not.toMatch(/nova/iu);
  });

  it('names the images that Nova refuses, by check and with what helps; what was not seen is counted apart', async () => {
    const { gate, looking, ids } = await cloud();
    const found = await gate('--openstack', '2025.2', ...looking);
    expect(found.code).toBe(4);
    expect(found.names).toEqual(['empty', 'extended', 'misnamed', 'vhd']);
    expect(found.refused?.count).toBe(4);
    const texts = (found.refused?.details ?? []).map(({ text }) => text.replace(/:.*/u, ''));
    expect(texts).toEqual(expect.arrayContaining(['nova, check mbr', 'nova, check unknown_features']));
    expect(found.services['nova']).toMatchObject({ required: true, accepted: 3, refused: 4, unknown: 1 });
    expect(found.services['nova']?.unknown_because.map(({ count }) => count)).toEqual([1]);
    expect(found.services['cinder']).toMatchObject({ required: false });
    expect(found.notes).toEqual([
      expect.stringMatching(/^what nova does with 1 image is not known \(.+\), which does not prevent the cutover$/u),
    ]);
    expect(found.stderr).toMatch(/nova +accepts 3, refuses 4, not known for 1 /u);
    // A raw disk under the word qcow2 works under its own.
    const misnamed = found.refused?.details.find(({ sample_ids }) => sample_ids.includes(ids['misnamed'] ?? ''));
    expect(misnamed?.remedies[0]).toEqual({ kind: 'word', disk_format: 'raw', container_format: 'bare' });
  });

  it('without bytes takes nothing for accepted that the bytes decide, and refuses by the word alone', async () => {
    const { gate } = await cloud();
    const found = await gate('--openstack', '2025.2');
    expect(found.names).toEqual(['vhd']);
    expect(found.services['nova']).toMatchObject({ accepted: 0, refused: 1, unknown: 7 });
    expect(found.notes[0]).toMatch(
      /with 7 images is not known .*`glance-retype plan --openstack 2025\.2 --probe all`/u,
    );
  });

  it('compares two releases: what works today and will be refused is the reason', async () => {
    const { gate, looking } = await cloud();
    const found = await gate('--openstack', '2024.1..2025.2', ...looking);
    expect(found.glance_retype_gate).toMatchObject({ openstack: '2025.2', openstack_before: '2024.1' });
    expect(found.names).toEqual(['empty']);
    expect(found.refused?.details[0]?.text).toMatch(/^nova, check mbr, accepted in 2024\.1: /u);
    expect(found.services['nova']).toMatchObject({ refused: 4, refused_today: 3 });
    const same = await gate('--openstack', '2025.1..2025.2', ...looking);
    expect([same.refused, same.services['nova']?.refused_today]).toEqual([undefined, 4]);
  });

  it('requires the services that are named, and no others', async () => {
    const { gate, looking, url } = await cloud();
    const cinder = await gate('--openstack', '2025.2', '--must-accept', 'cinder', ...looking);
    expect(cinder.names).toEqual(['extended', 'misnamed', 'vhd']);
    expect(cinder.services['nova']).toMatchObject({ required: false, refused: 4 });
    const both = await gate('--openstack', '2025.2', '--must-accept', 'cinder', '--must-accept=nova', ...looking);
    expect(both.refused?.details.map(({ text }) => text.split(',')[0])).toEqual(
      expect.arrayContaining(['nova', 'cinder']),
    );
    const unknown = await runCli(['gate', '--database-url', url, '--openstack', '2025.2', '--must-accept', 'zun']);
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringMatching(/one of nova, glance/u)]);
  });

  it('refuses options about services where no release is named', async () => {
    const { url } = await cloud();
    const alone = await runCli(['gate', '--database-url', url, '--must-accept', 'nova', '--nova-backend', 'flat']);
    expect([alone.code, alone.stderr]).toEqual([
      2,
      expect.stringMatching(/--must-accept[^]*--openstack \d{4}\.\d[^]*--nova-backend/u),
    ]);
  });
});

describe('probe with the services of a release', () => {
  it('shows on a terminal, under each source, what the services do with it', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'glance-retype-probe-')), 'empty');
    writeFileSync(file, emptyMbr());
    const size = { columns: 80, rows: 60 };
    const words = await runInTerminal(['probe', '--openstack', '2024.1..2025.2', file, file], size);
    expect(words.code).toBe(0);
    const title = '    OpenStack 2024.1 to 2025.2, Nova backend qcow2: accepted disk formats, in';
    expect(words.screen.filter((line) => line === title)).toHaveLength(2);
    expect(words.screen.join('\n')).toMatch(/\n {6}Nova +2024\.1: raw, [^]*\n +2025\.2: none\n/u);
    const verdict = await runInTerminal(['probe', '--openstack', '2025.2', '--disk-format', 'raw', file], size);
    expect(verdict.screen.join('\n')).toMatch(/stored as raw\/bare\n {6}Nova +refused by the check mbr/u);
    const plain = await runInTerminal(['probe', file], size);
    expect(plain.screen.join('\n')).not.toMatch(/OpenStack|nova {2}/iu);
  });
});
