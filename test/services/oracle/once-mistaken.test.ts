import { beforeAll, expect, it } from 'vitest';
import type { Inspection } from '../../../src/model/inspection.ts';
import { probe } from '../../../src/probe/probe.ts';
import { createPredictor } from '../../../src/services/predict/create-predictor.ts';
import { loadServices } from '../../../src/services/table/load.ts';
import { shippedServices } from '../../../src/services/table/service-files.ts';
import { memorySource } from '../../support/images/memory-source.ts';
import { craftedImages } from './crafted-images.ts';

/**
 * What the program once predicted wrongly of Nova: each kind of image for which it said `boots` where Nova refuses, or the
 * other way round. Every verdict here is also among the recorded ones; here it has a name, and the check that refuses.
 */

const table = loadServices(shippedServices());
const newest = table.releases.at(-1)?.name ?? '';
const inspections = new Map<string, Inspection>();

beforeAll(async () => {
  for (const [name, bytes] of craftedImages()) {
    inspections.set(name, (await probe(memorySource(bytes))).inspection);
  }
}, 300_000);

interface Asked {
  readonly release?: string;
  readonly backend?: string;
  readonly payload?: 'bytes' | 'volumes';
  readonly unread?: true;
}

/** The check that refuses the image, or `accepted`, or `unknown`. */
function nova(image: string, word: string, asked: Asked = {}): string {
  const { release = newest, backend = 'qcow2', payload = 'bytes' } = asked;
  const predict = createPredictor(table, { release, before: null, novaBackend: backend });
  const row = { diskFormat: word, containerFormat: 'bare', use: 'root', payload } as const;
  const bytes = asked.unread === true ? null : (inspections.get(image) ?? null);
  const verdict = predict(row, bytes).find(({ service }) => service === 'nova')?.verdict;
  return verdict?.kind === 'refused' ? verdict.check : (verdict?.kind ?? 'no prediction');
}

it.each([
  ['a dynamic VHD', 'vhd-dynamic-of-mbr-linux', 'vhd', 'qemu-img'],
  ['a clean GPT under gpt', 'gpt-sgdisk', 'gpt', 'qemu-img'],
  ['LUKS 1, for want of a key', 'luks1', 'luks', 'encryption'],
  ['LUKS 2', 'luks2', 'luks', 'version'],
  ['a fixed VHD, which is what its first sector shows', 'vhd-fixed-mbr', 'vhd', 'comparison'],
  ['a fixed VHD under raw', 'vhd-fixed-mbr', 'raw', 'accepted'],
  ['a dynamic VHD under raw', 'vhd-dynamic-of-mbr-linux', 'raw', 'comparison'],
  ['a fixed VHD of an ISO under raw', 'vhd-fixed-iso', 'raw', 'comparison'],
  ['NTFS', 'ntfs', 'raw', 'mbr'],
  ['exFAT', 'exfat', 'raw', 'mbr'],
  ['a floppy', 'fat12-floppy', 'raw', 'mbr'],
  ['FAT with one table', 'fat16-one-table', 'raw', 'mbr'],
  ['FAT with two tables on a fixed disk', 'fat16-f8', 'raw', 'accepted'],
  ['ext4 with the boot sector of extlinux', 'ext4-extlinux', 'raw', 'mbr'],
  ['a kernel with a boot sector as root disk', 'boot-protocol-x86', 'raw', 'mbr'],
  ['BitLocker', 'bitlocker', 'raw', 'mbr'],
  ['a label without partitions', 'mbr-no-entries', 'raw', 'mbr'],
  ['an odd boot mark', 'mbr-mark-01', 'raw', 'mbr'],
  ['a boot signature and nothing else', 'boot-signature-in-512', 'raw', 'mbr'],
  ['a GPT whose MBR is zeroed', 'gpt-zeroed-mbr', 'raw', 'accepted'],
  ['extended L2 entries', 'qcow2-feature-4', 'qcow2', 'unknown_features'],
  ['qcow under qcow2', 'qcow', 'qcow2', 'unknown_features'],
  ['qcow under ami', 'qcow', 'ami', 'unknown_features'],
  ['qcow2 of version 4', 'qcow2-version-4', 'qcow2', 'unknown_features'],
  ['VMDK of version 4', 'vmdk-version-4', 'vmdk', 'descriptor'],
  ['an odd line in a descriptor', 'vmdk-line-odd', 'vmdk', 'descriptor'],
  ['version 2 with an extension of a length with bit 2', 'qcow2-v2-extension-4', 'qcow2', 'data_file'],
  ['qcow2 under ami', 'qcow2-v2', 'ami', 'qemu-img'],
  ['VDI under ari', 'vdi-of-mbr-linux', 'ari', 'qemu-img'],
  ['VMDK under aki', 'vmdk-sparse-of-mbr-linux', 'aki', 'qemu-img'],
  ['VHDX under ami', 'vhdx-of-mbr-linux', 'ami', 'qemu-img'],
  ['LUKS 1 under ami', 'luks1', 'ami', 'qemu-img'],
  ['ploop under ami', 'parallels', 'ami', 'qemu-img'],
  ['ploop under raw', 'parallels', 'raw', 'qemu-img'],
  ['ploop under its own word', 'parallels', 'ploop', 'word'],
  ['Bochs under raw', 'bochs', 'raw', 'qemu-img'],
  ['qcow2 of NTFS', 'qcow2-of-ntfs', 'qcow2', 'mbr'],
  ['qcow2 of a GPT by parted', 'qcow2-of-gpt-parted', 'qcow2', 'mbr'],
  ['qcow2 of a label without partitions', 'qcow2-of-mbr-no-entries', 'qcow2', 'mbr'],
  ['qcow2 of qcow2', 'qcow2-of-qcow2', 'qcow2', 'conversion'],
  ['qcow2 of LUKS 1', 'qcow2-of-luks1', 'qcow2', 'conversion'],
  ['qcow2 of LUKS 2', 'qcow2-of-luks2', 'qcow2', 'version'],
  ['an encrypted qcow2', 'qcow2-encryption-luks', 'qcow2', 'encryption'],
  ['ext4 over the remains of an ISO', 'remains-on-ext4', 'raw', 'comparison'],
  ['the same under iso', 'remains-on-ext4', 'iso', 'accepted'],
  ['qcow2 with a boot signature', 'qcow2-boot-signature', 'qcow2', 'formats'],
  ['VDI with a boot signature', 'vdi-boot-signature', 'vdi', 'formats'],
  ['a page with a letter that is not ASCII', 'page-utf8-at-1000', 'raw', 'crash'],
  ['a script with a payload', 'script-with-payload-near', 'raw', 'crash'],
  ['a qcow2 of 104 bytes', 'qcow2-cut-at-104', 'qcow2', 'comparison'],
  ['a VHDX of 200 kB', 'vhdx-cut-in-header', 'vhdx', 'complete'],
  ['511 bytes under gpt', 'boot-signature-in-511', 'gpt', 'comparison'],
])('%s', (_title, image, word, check) => {
  expect(nova(image, word)).toBe(check);
});

it('a VHD is refused without a look at its bytes', () => {
  expect(nova('', 'vhd', { unread: true })).not.toMatch(/^(?:accepted|unknown)$/u);
  expect(nova('', 'raw', { unread: true })).toBe('unknown');
});

it('which Nova it is matters: release, image backend, boot from volume', () => {
  expect(nova('ntfs', 'raw', { release: table.releases[0]?.name ?? '' })).toBe('accepted');
  expect(nova('ntfs', 'raw', { backend: 'rbd-clone' })).toBe('accepted');
  expect(nova('qcow2-of-ntfs', 'qcow2', { backend: 'flat' })).toBe('accepted');
  expect(nova('ntfs', 'raw', { payload: 'volumes' })).toBe('accepted');
});
