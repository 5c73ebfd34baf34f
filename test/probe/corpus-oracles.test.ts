import { beforeAll, describe, expect, it } from 'vitest';
import type { Corpus } from '../../scripts/corpus/build.ts';
import type { Label } from '../../scripts/corpus/label.ts';
import { workshop } from '../../scripts/corpus/workshop.ts';
import type { ContainerType, ImageType } from '../../src/model/vocabulary.ts';
import { CORPUS_WANTED, corpusForTests } from '../support/images/corpus.ts';
import { isLeftOut } from '../support/servers/left-out.ts';

/**
 * What other programs say of the whole corpus: the labels are our own, so somebody else must agree with them, or it is
 * written down here why not. Only qemu-img opens what an image names, so it alone is not shown the hostile part.
 */

const corpus: Corpus = await corpusForTests();
const shop = workshop(corpus.folder);
const friendly = corpus.samples.filter(({ name }) => !name.startsWith('hostile/'));

/** A claim about a sample that contradicts its label, and who is right. */
interface Disagreement {
  readonly sample: RegExp;
  readonly says: string;
  readonly why: string;
}

describe.runIf(CORPUS_WANTED)('labels beside blkid', () => {
  const disagreements: readonly Disagreement[] = [
    { sample: /^disks\/mbr-stale-bpb/, says: 'filesystem', why: 'it believes the BPB before the partitions' },
    { sample: /^optical\/iso-udf-bridge/, says: 'filesystem', why: 'it looks for UDF first; the disc is both' },
    {
      sample: /^volumes\/md-1\.0-ext4/,
      says: 'other',
      why: 'it reads the superblock at the end; a consumer reads ext4',
    },
    { sample: /^kernels\/memdisk/, says: 'disk', why: 'it takes the signature of a boot sector for a partition table' },
    { sample: /^kernels\/bzimage-partition-entry/, says: 'disk', why: 'the same' },
    {
      sample: /^(?:containers\/vhd-fixed-(?:mbr|gpt)|hostile\/vhd-fixed-stale-footer)/,
      says: 'disk',
      why: 'it knows no containers; the guest begins the file',
    },
    { sample: /^containers\/vhd-fixed-(?:ext4|fat32)/, says: 'filesystem', why: 'the same' },
    { sample: /^containers\/vhd-fixed-iso/, says: 'iso9660', why: 'the same' },
    {
      sample: /^hostile\/polyglot-(?:qcow2|descriptor)-on-(?:mbr|gpt)/,
      says: 'disk',
      why: 'it knows no containers, so that only one reading is left',
    },
    { sample: /^hostile\/polyglot-\w+-on-iso/, says: 'iso9660', why: 'the same' },
    { sample: /^hostile\/polyglot-mbr-on-lvm/, says: 'disk', why: 'it names the table alone where there are two' },
    {
      sample: /^hostile\/polyglot-(?:mbr|sfdisk)-on-(?:ext4|btrfs)/,
      says: 'filesystem',
      why: 'it names the superblock first',
    },
    { sample: /^hostile\/polyglot-mbr-on-swap/, says: 'other', why: 'the same' },
    { sample: /^hostile\/magic-(?:btrfs|ext-magic)/, says: 'filesystem', why: 'it is content with the magic number' },
  ];
  compare(corpus.samples, disagreements, blkidSays, asRawType);
});

describe.runIf(CORPUS_WANTED)('labels beside file', () => {
  const disagreements: readonly Disagreement[] = [
    { sample: /^filesystems\/xfs-(?:cd001|iso-descriptor)/, says: 'iso9660', why: 'it asks for CD001 alone' },
    { sample: /^disks\/mbr-stale-bpb/, says: 'filesystem', why: 'it believes the BPB before the partitions' },
    { sample: /^volumes\/ext-journal/, says: 'filesystem', why: 'it does not know external journals' },
    {
      sample: /^ramdisks\/(?:odc|bin)\.cpio/,
      says: 'ramdisk',
      why: 'an archive by cpio, but of a kind that no kernel unpacks',
    },
    { sample: /^kernels\/(?:bzimage|arm64-image)\.\w+/, says: 'wrapped', why: 'Nova takes a packed kernel for one' },
    { sample: /^ramdisks\/initrd\.\w+/, says: 'wrapped', why: 'a packed ramdisk is how they come' },
    {
      sample: /^(?:containers\/vhd-fixed-(?:mbr|gpt)|hostile\/vhd-fixed-stale-footer)/,
      says: 'disk',
      why: 'only a footer tells, and it does not look for one',
    },
    { sample: /^containers\/vhd-fixed-(?:ext4|fat32)/, says: 'filesystem', why: 'the same' },
    { sample: /^containers\/vhd-fixed-iso/, says: 'iso9660', why: 'the same' },
    { sample: /^(?:containers|hostile)\/qcow-/, says: 'qcow2', why: 'it calls every version QCOW' },
    { sample: /^hostile\/polyglot-.*-on-iso/, says: 'iso9660', why: 'it names the one reading that it asks for first' },
    { sample: /^hostile\/polyglot-.*-on-(?:mbr|gpt|ext4|btrfs|lvm)/, says: 'disk', why: 'the same' },
    { sample: /^hostile\/polyglot-mbr-on-swap/, says: 'other', why: 'the same' },
    { sample: /^hostile\/polyglot-qcow2-and-vdi/, says: 'qcow2', why: 'the same' },
    {
      sample: /^hostile\/magic-(?:ext-magic|xfsb|btrfs)/,
      says: 'filesystem',
      why: 'it is content with the magic number',
    },
    { sample: /^hostile\/magic-cd001/, says: 'iso9660', why: 'the same' },
    { sample: /^hostile\/magic-hdrs/, says: 'kernel', why: 'the same' },
    { sample: /^hostile\/magic-070701/, says: 'ramdisk', why: 'the same' },
    { sample: /^hostile\/magic-luks/, says: 'luks', why: 'the same' },
    { sample: /^hostile\/magic-swap/, says: 'other', why: 'the same' },
    { sample: /^hostile\/magic-qfi/, says: 'qcow2', why: 'the same' },
    { sample: /^hostile\/magic-conectix/, says: 'vhd', why: 'the same' },
    { sample: /^hostile\/magic-kdmv/, says: 'vmdk', why: 'the same' },
    { sample: /^hostile\/(?:magic-(?:xz|zstd)|noise-after-gzip-magic)/, says: 'wrapped', why: 'the same' },
    { sample: /^envelopes\/not-gzip/, says: 'wrapped', why: 'the same' },
  ];
  compare(corpus.samples, disagreements, fileSays, asLayer);
});

describe.runIf(CORPUS_WANTED)('labels beside qemu-img', () => {
  const disagreements: readonly Disagreement[] = [
    { sample: /^containers\/vhd-fixed-/, says: 'raw', why: 'only a footer tells, and it does not look for one' },
    { sample: /^volumes\/luks2/, says: 'raw', why: 'it knows the first version alone' },
    { sample: /^nothing\/empty/, says: 'raw', why: 'it takes a file without bytes for a disk without sectors' },
    {
      sample: /^containers\/vmdk-twoGb.*-s001/,
      says: 'nothing',
      why: 'it wants the descriptor, which is in another file',
    },
    { sample: /^containers\/vhdx-4kn/, says: 'nothing', why: 'it reads sectors of 512 bytes alone' },
  ];
  compare(friendly, disagreements, qemuSays, asContainer);
});

describe.runIf(CORPUS_WANTED && !isLeftOut('glance'))("labels beside Glance's own inspector", () => {
  const disagreements: readonly Disagreement[] = [
    {
      sample: /^(?:containers\/vhd-fixed-|hostile\/vhd-fixed-stale-footer)/,
      says: 'raw',
      why: 'only a footer tells, and it reads the beginning',
    },
    { sample: /^(?:containers|hostile)\/qcow-/, says: 'qcow2', why: 'it does not ask for the version' },
    {
      sample: /^(?:containers|hostile)\/vmdk-(?:monolithicFlat|twoGbMaxExtent\w+|descriptor)-/,
      says: 'raw',
      why: 'it knows extents alone, no descriptor of its own',
    },
    {
      sample: /^(?:containers\/vmdk-stream-end-|hostile\/vmdk-(?:footer-disagrees|no-footer))/,
      says: 'raw',
      why: 'it refuses a table of grains that a footer tells of',
    },
    {
      sample: /^hostile\/vmdk-(?:version-9|cowd|sesparse)/,
      says: 'raw',
      why: 'it knows neither this version nor these kinds',
    },
    { sample: /^hostile\/polyglot-qcow2-/, says: 'qcow2', why: 'the first format that fits wins' },
    { sample: /^hostile\/polyglot-vdi-on-iso/, says: 'vdi', why: 'the same' },
    { sample: /^hostile\/polyglot-vmdk-on-iso/, says: 'vmdk', why: 'the same' },
    { sample: /^hostile\/polyglot-qed-on-iso/, says: 'qed', why: 'the same' },
    { sample: /^hostile\/magic-qfi/, says: 'qcow2', why: 'it is content with the magic number' },
    { sample: /^hostile\/magic-conectix/, says: 'vhd', why: 'the same' },
    { sample: /^hostile\/magic-qed/, says: 'qed', why: 'the same' },
  ];
  let inspected: ReadonlyMap<string, string> = new Map();
  beforeAll(async () => {
    inspected = await inspectAll();
  });
  compare(corpus.samples, disagreements, async (file) => inspected.get(file) ?? '', asInspected);
});

type Says = (file: string) => Promise<string | null>;

/** One test a sample, and one that every excuse is needed. */
function compare(
  samples: Corpus['samples'],
  disagreements: readonly Disagreement[],
  ask: Says,
  expected: (label: Label) => string,
): void {
  const used = new Set<Disagreement>();

  it.each(samples.map((sample) => [sample.name, sample] as const))('%s', async (name, { file, label }) => {
    const says = await ask(file);
    if (says === null || says === expected(label)) return;
    const excuse = disagreements.find((entry) => entry.sample.test(name) && entry.says === says);
    if (excuse === undefined) expect(says).toBe(expected(label));
    else used.add(excuse);
  });

  it('has no excuse that nobody needs', () => {
    expect(disagreements.filter((entry) => !used.has(entry))).toEqual([]);
  });
}

/** Of programs that see neither through a container nor through a wrapper. */
function asRawType({ imageType, containerType, envelope }: Label): string {
  return envelope === null && containerType === 'raw' ? (imageType ?? 'nothing') : 'nothing';
}

function asContainer({ containerType, envelope }: Label): string {
  return envelope === null ? (containerType ?? 'nothing') : 'raw';
}

const INSPECTED: readonly (ContainerType | null)[] = ['qcow2', 'qed', 'vdi', 'vhd', 'vhdx', 'vmdk'];

function asInspected({ containerType, envelope }: Label): string {
  return envelope === null && INSPECTED.includes(containerType) ? String(containerType) : 'raw';
}

/** The outermost layer. */
function asLayer(label: Label): string {
  if (label.envelope !== null) return 'wrapped';
  return label.containerType === 'raw' ? asRawType(label) : (label.containerType ?? 'nothing');
}

/** Null where it claims nothing. */
async function blkidSays(file: string): Promise<string | null> {
  // 2: nothing found; 8: several things found, so that it names none.
  const answer = (await shop.run('blkid', ['-p', '-o', 'export', file], { exitCodes: [0, 2, 8] })).toString();
  const found = (key: string): string => new RegExp(`^${key}=(.*)$`, 'm').exec(answer)?.[1] ?? '';
  if (found('TYPE') === 'iso9660') return 'iso9660';
  switch (found('USAGE')) {
    case 'filesystem':
      return 'filesystem';
    case 'raid':
    case 'other':
      return 'other';
    case 'crypto':
      return 'nothing';
    default:
      return found('PTTYPE') === '' ? null : 'disk';
  }
}

const QEMU_WORDS: Readonly<Record<string, ContainerType>> = { vpc: 'vhd', parallels: 'ploop' };

async function qemuSays(file: string): Promise<string> {
  const answer = (
    await shop.run('qemu-img', ['info', '--force-share', '--output=json', file], { exitCodes: [0, 1] })
  ).toString();
  const format = /"format": "([^"]+)"/.exec(answer)?.[1];
  return format === undefined ? 'nothing' : (QEMU_WORDS[format] ?? format);
}

/**
 * Prints, for each file, the word for the class of format that Glance detects on upload; not every class knows its own.
 */
const INSPECTOR = `
import sys
from glance.common import format_inspector as f
for path in sys.stdin.read().splitlines():
    found = type(f.detect_file_format(path))
    print(next(word for word, kind in f.ALL_FORMATS.items() if kind is found))
`;

/** One process for all samples: the program takes longer to start than to read them. */
async function inspectAll(): Promise<ReadonlyMap<string, string>> {
  const files = corpus.samples.map(({ file }) => file);
  const run = await shop.run('/usr/bin/python3', ['-W', 'ignore', '-c', INSPECTOR], { input: files.join('\n') });
  const words = run.toString().split('\n');
  return new Map(files.map((file, index) => [file, words[index] ?? '']));
}

/** What `file` writes of a type, by its first words; a boot sector alone is no claim, it says so of anything with a signature. */
const FILE_WORDS: readonly (readonly [RegExp, ImageType | ContainerType | 'wrapped' | 'nothing'])[] = [
  [/^DOS\/MBR boot sector; partition/, 'disk'],
  [/^DOS\/MBR boot sector, code offset .*OEM-ID "(?:mkfs\.fat|NTFS)/, 'filesystem'],
  [/^SGI disk label/, 'disk'],
  [/^ISO 9660/, 'iso9660'],
  [/^Linux kernel/, 'kernel'],
  [/^u-boot legacy uImage, .*OS Kernel Image/, 'kernel'],
  [/^u-boot legacy uImage, .*RAMDisk Image/, 'ramdisk'],
  [/cpio archive/, 'ramdisk'],
  [/^Linux rev .* ext[234] filesystem/, 'filesystem'],
  [/^(?:Linux Compressed ROM|SGI XFS|BTRFS|EROFS|F2FS|JFS2|ReiserFS|Minix|romfs|Squashfs|Apple HFS)/, 'filesystem'],
  [/^(?:Linux jffs2|UBIfs|SCO UnixWare BFS|bcachefs)/, 'filesystem'],
  [/^(?:Linux swap file|LVM2 PV|Linux Software RAID|UBI image)/, 'other'],
  [/^LUKS encrypted/, 'luks'],
  [/^QEMU QCOW2? Image/, 'qcow2'],
  [/^QEMU Enhanced Disk/, 'qed'],
  [/^VMware4? disk image/, 'vmdk'],
  [/^(?:.*)?VirtualBox Disk Image/, 'vdi'],
  [/^Microsoft Disk Image eXtended/, 'vhdx'],
  [/^Microsoft Disk Image, Virtual/, 'vhd'],
  [/^Parallels disk image/, 'ploop'],
  [/^(?:gzip|bzip2|XZ|LZMA|LZ4|Zstandard|lzop|lzip|compress'd|Zip)\b/, 'wrapped'],
];

async function fileSays(file: string): Promise<string | null> {
  const answer = (await shop.run('file', ['-b', file])).toString();
  return FILE_WORDS.find(([pattern]) => pattern.test(answer))?.[1] ?? null;
}
