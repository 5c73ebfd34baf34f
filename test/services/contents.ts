import type { Inspection, LayerFacts } from '../../src/model/inspection.ts';

/** What the services see of common contents, written by hand after their inspectors. */

const PLAIN: LayerFacts = {
  size: 65536,
  signature: 'none',
  'vdi-signature': false,
  'iso-signature': 'none',
  'boot-signature': false,
  'fat-boot-sector': false,
  text: 'none',
  'qemu-format': 'raw',
  'qemu-opens': true,
};
const boot = (mbr: 'sound' | 'boot-flag' | 'gpt-start-chs' | 'no-partitions'): LayerFacts => ({
  ...PLAIN,
  'boot-signature': true,
  mbr,
});
const MBR = boot('sound');
const ISO: LayerFacts = { ...PLAIN, 'iso-signature': 'CD001' };
const HYBRID: LayerFacts = { ...boot('boot-flag'), 'iso-signature': 'CD001' };
const LUKS1: LayerFacts = { ...PLAIN, signature: 'luks', 'luks-version': 1, 'qemu-format': 'luks' };
const LUKS2: LayerFacts = { ...PLAIN, signature: 'luks', 'luks-version': 2 };
const QCOW2: LayerFacts = {
  ...PLAIN,
  signature: 'qcow2',
  'qcow2-version': 3,
  'qcow2-backing-file': false,
  'qcow2-data-file-bit': false,
  'qcow2-feature-bits': 'none',
  'qcow2-encryption': 'none',
  'qemu-format': 'qcow2',
};
const VMDK: LayerFacts = {
  ...PLAIN,
  signature: 'vmdk',
  'vmdk-version': 1,
  'vmdk-descriptor-sector': 1,
  'vmdk-grain-directory': 'header',
  'vmdk-descriptor': 'sound',
  'vmdk-descriptor-all': 'sound',
  'vmdk-create-type': 'monolithicSparse',
  'qemu-format': 'vmdk',
  'qemu-create-type': 'monolithicSparse',
  'qemu-backing-file': false,
};
const TEXT: LayerFacts = { ...PLAIN, text: 'ascii', 'text-ends': true, 'text-create-type': false };

const file = (facts: LayerFacts): Inspection => ({ file: facts, guest: { kind: 'none' } });
const holding = (facts: LayerFacts, guest: LayerFacts): Inspection => ({
  file: facts,
  guest: { kind: 'read', facts: guest },
});

export const CONTENTS = {
  'mbr-disk': file(MBR),
  'gpt-by-parted': file(boot('gpt-start-chs')),
  'empty-mbr': file(boot('no-partitions')),
  ntfs: file(boot('boot-flag')),
  'boot-sector-of-512': file({ ...boot('no-partitions'), size: 512 }),
  'fat-f8': file({ ...boot('boot-flag'), 'fat-boot-sector': true }),
  ext4: file(PLAIN),
  'plain-iso': file(ISO),
  'hybrid-iso': file(HYBRID),
  qcow2: holding(QCOW2, MBR),
  'qcow2-dirty': holding({ ...QCOW2, 'qcow2-feature-bits': 'known' }, MBR),
  'qcow2-extended-l2': holding({ ...QCOW2, 'qcow2-feature-bits': 'above-3' }, MBR),
  'qcow2-backing-file': holding({ ...QCOW2, 'qcow2-backing-file': true }, MBR),
  'qcow2-data-file': holding({ ...QCOW2, 'qcow2-data-file-bit': true }, MBR),
  'qcow2-version-2-with-byte-79': holding({ ...QCOW2, 'qcow2-version': 2, 'qcow2-data-file-bit': true }, MBR),
  'qcow-version-1': holding({ ...QCOW2, 'qcow2-version': 1, 'qemu-format': 'qcow' }, MBR),
  'qcow2-version-4': holding({ ...QCOW2, 'qcow2-version': 4, 'qemu-opens': false }, MBR),
  'qcow2-encrypted': {
    file: { ...QCOW2, 'qcow2-encryption': 'luks' },
    guest: { kind: 'unread', why: 'it is encrypted' },
  },
  'qcow2-of-ntfs': holding(QCOW2, boot('boot-flag')),
  'qcow2-of-gpt-by-parted': holding(QCOW2, boot('gpt-start-chs')),
  'qcow2-of-fat-f8': holding(QCOW2, { ...boot('boot-flag'), 'fat-boot-sector': true }),
  'qcow2-of-luks-2': holding(QCOW2, LUKS2),
  'qcow2-of-luks-1': holding(QCOW2, LUKS1),
  'qcow2-of-qcow2': holding(QCOW2, QCOW2),
  'qcow2-of-iso': holding(QCOW2, ISO),
  'qcow2-of-hybrid-iso': holding(QCOW2, HYBRID),
  'qcow2-with-55-aa': holding({ ...QCOW2, 'boot-signature': true, mbr: 'no-partitions' }, MBR),
  'qcow2-of-104-bytes': holding({ ...QCOW2, size: 104 }, MBR),
  vdi: holding({ ...PLAIN, 'vdi-signature': true, 'qemu-format': 'vdi' }, MBR),
  vhdx: holding({ ...PLAIN, signature: 'vhdx', 'vhdx-tables': 'sound', 'qemu-format': 'vhdx' }, MBR),
  'vhdx-cut': file({ ...PLAIN, signature: 'vhdx', 'vhdx-tables': 'cut', 'qemu-format': 'vhdx', 'qemu-opens': false }),
  'vmdk-sparse': holding(VMDK, MBR),
  'vmdk-stream': holding({ ...VMDK, 'vmdk-version': 3, 'vmdk-create-type': 'streamOptimized' }, MBR),
  'vmdk-stream-with-footer': holding(
    {
      ...VMDK,
      'vmdk-version': 3,
      'vmdk-create-type': 'streamOptimized',
      'vmdk-grain-directory': 'footer',
      'vmdk-footer': 'sound',
    },
    MBR,
  ),
  'vmdk-odd-line': holding({ ...VMDK, 'vmdk-descriptor': 'line', 'vmdk-descriptor-all': 'line' }, MBR),
  'vmdk-version-4': file({ ...VMDK, 'vmdk-version': 4, 'qemu-opens': false }),
  'vmdk-without-descriptor': file({
    ...VMDK,
    'vmdk-descriptor-sector': 0,
    'vmdk-descriptor': 'no-extent',
    'vmdk-descriptor-all': 'no-extent',
    'vmdk-create-type': 'none',
    'qemu-opens': false,
  }),
  'vmdk-text-flat': file({
    ...TEXT,
    'text-create-type': true,
    'vmdk-create-type': 'other',
    'vmdk-descriptor': 'sound',
    'vmdk-descriptor-all': 'sound',
    'qemu-format': 'vmdk',
    'qemu-opens': false,
  }),
  'vmdk-text-padded': file({ ...PLAIN, 'qemu-format': 'vmdk', 'qemu-opens': false }),
  'vhd-dynamic': holding({ ...PLAIN, signature: 'vhd', 'qemu-format': 'vpc' }, MBR),
  'vhd-fixed-over-iso': file(ISO),
  'luks-1': file(LUKS1),
  'luks-2': file(LUKS2),
  ploop: holding({ ...PLAIN, 'qemu-format': 'parallels' }, MBR),
  qed: holding({ ...PLAIN, signature: 'qed', 'qemu-format': 'qed' }, MBR),
  zstd: file({ ...PLAIN, signature: 'zstd' }),
  text: file(TEXT),
  'text-with-a-byte-above-7f': file({ ...TEXT, text: 'ascii-then-other' }),
} satisfies Readonly<Record<string, Inspection>>;

export type ContentName = keyof typeof CONTENTS;
