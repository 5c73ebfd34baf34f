import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeGuests, openWorkshop, type ImageWorkshop } from '../../support/images/image-workshop.ts';
import { runLine } from '../../support/program/command.ts';

let shop: ImageWorkshop;
beforeAll(() => {
  shop = openWorkshop();
  makeGuests(shop);
  shop.run('qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', 'mbr', 'mbr.qcow2');
  shop.run('qemu-img', 'convert', '-f', 'raw', '-O', 'vpc', 'mbr', 'mbr.vhd');
  shop.blank('empty-mbr', 1 << 20);
  const sector = new Uint8Array(1 << 20);
  sector.set([0x55, 0xaa], 510);
  shop.write('empty-mbr', sector);
});
afterAll(() => {
  shop.close();
});

type Words = Readonly<Record<string, { readonly accepted: readonly string[]; readonly unknown: readonly unknown[] }>>;
interface Verdict {
  readonly verdict: string;
  readonly check?: string;
  readonly remedies?: readonly unknown[];
  readonly before: string | null;
}
interface Line {
  readonly source: string;
  readonly openstack?: string;
  readonly openstack_before?: string | null;
  readonly nova_backend?: string;
  readonly disk_format?: string;
  readonly container_format?: string;
  readonly services?: Readonly<Record<string, Verdict>>;
  readonly accepted_disk_formats?: Words;
}

async function probe(...words: readonly string[]): Promise<Line> {
  const { code, stdout, error } = await runLine(['probe', '--json', ...words]);
  expect([code, error]).toEqual([0, null]);
  return JSON.parse(stdout) as Line;
}

/** `nova: raw ami`, with the words sorted. */
function acceptedBy(service: string, { accepted_disk_formats: words }: Line): string {
  expect(words?.[service]?.unknown).toEqual([]);
  return (words?.[service]?.accepted ?? []).toSorted().join(' ');
}

describe('probe without a word', () => {
  // Of the table of verdicts of Nova, Cinder and Ironic since 2025.1.
  it.each([
    ['mbr', 'aki ami ari raw', 'ami iso raw'],
    ['ext4', 'aki ami ari raw', 'ami iso raw'],
    ['empty-mbr', '', 'ami iso raw'],
    ['iso', 'aki ami ari iso', 'ami iso raw'],
    ['mbr.qcow2', 'qcow2', 'ami qcow2'],
    ['mbr.vhd', '', ''],
  ])('%s: the disk formats that Nova and Cinder accept', async (file, nova, cinder) => {
    const line = await probe('--openstack', '2025.2', shop.path(file));
    expect([acceptedBy('nova', line), acceptedBy('cinder', line)]).toEqual([nova, cinder]);
    expect(line).toMatchObject({
      source: shop.path(file),
      openstack: '2025.2',
      openstack_before: null,
      nova_backend: 'qcow2',
      container_format: 'bare',
    });
  });

  it('of two releases, what each accepts', async () => {
    const line = await probe('--openstack', '2024.1..2025.2', shop.path('empty-mbr'));
    expect(line.accepted_disk_formats?.['nova']).toMatchObject({
      accepted: [],
      before: { accepted: expect.arrayContaining(['raw', 'ami']) as unknown },
    });
    expect(line.openstack_before).toBe('2024.1');
  });

  it('under another container Glance looks at nothing', async () => {
    const bare = await probe('--openstack', '2025.2', shop.path('mbr.qcow2'));
    const ovf = await probe('--openstack', '2025.2', '--container-format', 'ovf', shop.path('mbr.qcow2'));
    expect(acceptedBy('glance', bare)).not.toContain('vmdk');
    expect(acceptedBy('glance', ovf)).toContain('vmdk');
    expect(ovf.container_format).toBe('ovf');
  });
});

describe('probe with a word', () => {
  it('the verdict of each service, the check that refuses, and what helps', async () => {
    const line = await probe('--openstack', '2025.2', '--disk-format', 'raw', shop.path('empty-mbr'));
    expect(line).toMatchObject({ disk_format: 'raw', container_format: 'bare' });
    expect(line.services?.['nova']).toMatchObject({ verdict: 'refused', step: 'safety', check: 'mbr', before: null });
    expect(line.services?.['cinder']).toMatchObject({ verdict: 'accepted' });
    expect(line.accepted_disk_formats).toBeUndefined();
  });

  it('a wrong word has the right one as a remedy', async () => {
    const line = await probe('--openstack', '2025.2', '--disk-format=qcow2', shop.path('mbr'));
    expect(line.services?.['nova']?.remedies?.[0]).toEqual({
      kind: 'word',
      disk_format: 'raw',
      container_format: 'bare',
    });
  });

  it('the words are compared as they are typed, and the backend counts', async () => {
    const upper = await probe('--openstack', '2025.2', '--disk-format', 'QCOW2', shop.path('mbr.qcow2'));
    expect(upper.services?.['nova']?.verdict).toBe('refused');
    shop.run('qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', 'empty-mbr', 'empty-mbr.qcow2');
    const words = ['--openstack', '2025.2', '--disk-format', 'qcow2', shop.path('empty-mbr.qcow2')];
    const [usual, flat] = [await probe(...words), await probe('--nova-backend', 'flat', ...words)];
    // Only the default backend inspects the base image again after the conversion.
    expect([usual.services?.['nova']?.verdict, flat.services?.['nova']?.verdict]).toEqual(['refused', 'accepted']);
    expect(flat.nova_backend).toBe('flat');
  });

  it('what cannot be read has no verdicts', async () => {
    const { code, stdout } = await runLine(['probe', '--json', '--openstack', '2025.2', shop.path('none')]);
    expect([code, Object.keys(JSON.parse(stdout) as object)]).toEqual([8, ['format_version', 'source', 'error']]);
  });
});

describe('probe without --openstack', () => {
  it('refuses every option that says how services are asked', async () => {
    const words = ['--disk-format', 'raw', '--container-format', 'bare', '--nova-backend', 'flat'];
    const { code, stdout, error } = await runLine(['probe', ...words, shop.path('mbr')]);
    expect([code, stdout]).toEqual([2, '']);
    for (const option of ['--disk-format', '--container-format', '--nova-backend'])
      expect(error).toMatch(new RegExp(`at +${option}\n +expected +--openstack RELEASE with it`, 'u'));
  });
});
