import { describe, expect, it } from 'vitest';
import type { Corpus } from '../../scripts/corpus/build.ts';
import type { Label } from '../../scripts/corpus/label.ts';
import { workshop } from '../../scripts/corpus/workshop.ts';
import type { ContainerType, ImageType } from '../../src/model/vocabulary.ts';
import { CORPUS_WANTED, corpusForTests } from '../support/corpus.ts';

/**
 * What other programs say of the corpus: the labels are our own, so somebody else must agree with them, or it is written
 * down here why not. Programs that open what an image names are not shown the hostile part.
 */

const corpus: Corpus = await corpusForTests();
const shop = workshop(corpus.folder);
const friendly = corpus.samples.filter(({ name }) => !name.startsWith('hostile/'));
const bare = friendly.filter(({ name, label }) => !name.startsWith('containers/') && label.envelope === null);

/** A claim about a sample that contradicts its label, and who is right. */
interface Disagreement {
  readonly sample: RegExp;
  readonly says: string;
  readonly why: string;
}

describe.runIf(CORPUS_WANTED)('labels of raw samples beside blkid', () => {
  const disagreements: readonly Disagreement[] = [
    { sample: /^disks\/mbr-stale-bpb/, says: 'filesystem', why: 'it believes the BPB before the partitions' },
    { sample: /^optical\/iso-udf-bridge/, says: 'filesystem', why: 'it looks for UDF first; the disc is both' },
    { sample: /^filesystems\/udf-2k/, says: 'filesystem', why: 'it does not ask for discs; UDF alone may be one' },
    {
      sample: /^volumes\/md-1\.0-ext4/,
      says: 'other',
      why: 'it reads the superblock at the end; a consumer reads ext4',
    },
    { sample: /^kernels\/memdisk/, says: 'disk', why: 'it takes the signature of a boot sector for a partition table' },
    { sample: /^kernels\/bzimage-partition-entry/, says: 'disk', why: 'the same' },
  ];
  compare(bare, disagreements, blkidSays);
});

describe.runIf(CORPUS_WANTED)('labels of raw samples beside file', () => {
  const disagreements: readonly Disagreement[] = [
    { sample: /^filesystems\/xfs-(?:cd001|iso-descriptor)/, says: 'iso9660', why: 'it asks for CD001 alone' },
    { sample: /^disks\/mbr-stale-bpb/, says: 'filesystem', why: 'it believes the BPB before the partitions' },
    { sample: /^volumes\/ext-journal/, says: 'filesystem', why: 'it does not know external journals' },
    {
      sample: /^ramdisks\/(?:odc|bin)\.cpio/,
      says: 'ramdisk',
      why: 'an archive by cpio, but of a kind that no kernel unpacks',
    },
  ];
  compare(bare, disagreements, fileSays);
});

describe.runIf(CORPUS_WANTED)('labels of containers beside qemu-img', () => {
  const disagreements: readonly Disagreement[] = [
    { sample: /^containers\/vhd-fixed-/, says: 'raw', why: 'only a footer tells, and it does not look for one' },
    { sample: /^volumes\/luks2/, says: 'raw', why: 'it knows the first version alone' },
    {
      sample: /^containers\/vmdk-twoGb.*-s001/,
      says: 'nothing',
      why: 'it wants the descriptor, which is in another file',
    },
    { sample: /^containers\/vhdx-4kn/, says: 'nothing', why: 'it reads sectors of 512 bytes alone' },
  ];
  const unwrapped = friendly.filter(({ label }) => label.envelope === null);
  compare(unwrapped, disagreements, qemuSays, ({ containerType }) => containerType ?? 'raw');
});

type Says = (file: string) => Promise<string | null>;

/** One test a sample, and one that every excuse is needed. */
function compare(
  samples: Corpus['samples'],
  disagreements: readonly Disagreement[],
  ask: Says,
  expected: (label: Label) => string = ({ imageType }) => imageType ?? 'nothing',
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

/** What `file` writes of a type, by its first words; a boot sector alone is no claim, it says so of anything with a signature. */
const FILE_WORDS: readonly (readonly [RegExp, ImageType | 'nothing'])[] = [
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
  [/^(?:Linux swap file|LVM2 PV|Linux Software RAID)/, 'other'],
  [/^LUKS encrypted/, 'nothing'],
];

async function fileSays(file: string): Promise<string | null> {
  const answer = (await shop.run('file', ['-b', file])).toString();
  return FILE_WORDS.find(([pattern]) => pattern.test(answer))?.[1] ?? null;
}
