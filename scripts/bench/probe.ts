import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { ReadCost } from '../../src/model/verdict.ts';
import { buildCorpus, CACHE } from '../corpus/build.ts';
import { type ChildCost, runChild } from './child.ts';
import { grouped, median, percentile, textTable } from './figures.ts';
import { CLI } from './measure.ts';

/** A store as it is met: mostly qcow2 and raw disks, some of everything else; each a file of its own, `COPIES` times. */
const MIX = [
  'containers/qcow2-gpt',
  'containers/qcow2-mbr',
  'containers/qcow2-ext4',
  'containers/qcow2-v2-gpt',
  'containers/qcow2-zlib-mbr',
  'containers/qcow2-zstd-gpt',
  'disks/gpt.img',
  'disks/gpt-boot-flag.img',
  'disks/mbr.img',
  'disks/mbr-grub.img',
  'filesystems/ext4-filled.img',
  'filesystems/ntfs.img',
  'optical/iso.iso',
  'optical/iso-hybrid-gpt.iso',
  'kernels/bzimage',
  'ramdisks/initrd.gz',
  'ramdisks/initrd.zst',
  'containers/vmdk-stream-gpt',
  'containers/vhd-gpt',
  'containers/vhd-fixed-mbr',
] as const;
const COPIES = 10;

/** A shell that starts a program for every file, one after another, as scripts do; blkid ends with 2 where it finds nothing. */
const ONE_BY_ONE =
  'program=$1; option=$2; shift 2; for file; do "$program" "$option" "$file" >/dev/null || [ $? = 2 ]; done';

type Contender = 'product' | 'qemu-img' | 'blkid';

/**
 * Images a second that the built program, `qemu-img info` and `blkid -p` judge, over the same local files in the page cache,
 * in turns; and what the program reads for an image.
 * @returns a table for a person.
 */
export async function measureProbe(repeat: number, onStep: (text: string) => void): Promise<string> {
  const { folder } = await buildCorpus(onStep);
  mkdirSync(CACHE, { recursive: true });
  const store = mkdtempSync(path.join(CACHE, 'bench-'));
  try {
    const files = copies(folder, store);
    const commands: Readonly<Record<Contender, readonly [string, ...string[]]>> = {
      product: [process.execPath, CLI, 'probe', '--json', ...files],
      'qemu-img': ['sh', '-c', ONE_BY_ONE, 'sh', 'qemu-img', 'info', ...files],
      blkid: ['sh', '-c', ONE_BY_ONE, 'sh', '/usr/sbin/blkid', '-p', ...files],
    };
    const costs = readCosts(commands.product, files.length);
    const found: Record<Contender, ChildCost[]> = { product: [], 'qemu-img': [], blkid: [] };
    const contenders = Object.keys(found) as readonly Contender[];
    // One turn that does not count fills the page cache.
    for (let round = 0; round <= repeat; round += 1) {
      for (let index = 0; index < contenders.length; index += 1) {
        const contender = contenders[(index + round) % contenders.length] ?? 'product';
        const cost = await runChild(commands[contender]);
        if (round === 0) continue;
        found[contender].push(cost);
        onStep(`round ${String(round)}: ${contender} ${cost.seconds.toFixed(2)} s`);
      }
    }
    return table(files.length, found, costs);
  } finally {
    rmSync(store, { recursive: true, force: true });
  }
}

function copies(folder: string, store: string): readonly string[] {
  const files: string[] = [];
  for (let copy = 0; copy < COPIES; copy += 1) {
    for (const name of MIX) {
      const file = path.join(store, `${String(copy)}-${path.basename(name)}`);
      const { status, stderr } = spawnSync('cp', ['--sparse=always', path.join(folder, name), file]);
      if (status !== 0) throw new Error(`cp: ${stderr.toString()}`);
      files.push(file);
    }
  }
  return files;
}

/** What the program says that it read, a line an image. */
function readCosts([program, ...arguments_]: readonly [string, ...string[]], count: number): readonly ReadCost[] {
  const { stdout, status, stderr } = spawnSync(program, arguments_, { maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new Error(`probe ended with ${String(status)}: ${stderr.toString()}`);
  const lines = stdout.toString().trim().split('\n');
  if (lines.length !== count) throw new Error(`${String(lines.length)} lines for ${String(count)} images`);
  return lines.map((line) => {
    const { cost, image_type: type } = JSON.parse(line) as {
      readonly cost: ReadCost;
      readonly image_type: string | null;
    };
    if (type === null) throw new Error(`an image of the mix got no type: ${line}`);
    return cost;
  });
}

function table(
  images: number,
  found: Readonly<Record<Contender, readonly ChildCost[]>>,
  costs: readonly ReadCost[],
): string {
  const seconds = (contender: Contender): number => median(found[contender].map((cost) => cost.seconds));
  const row = (label: string, contender: Contender): readonly string[] => [
    label,
    grouped(images / seconds(contender)),
    (seconds(contender) / seconds('product')).toFixed(1),
  ];
  const spread = (label: string, values: readonly number[]): readonly string[] => [
    label,
    ...[0.5, 0.9, 1].map((share) => grouped(percentile(values, share))),
  ];
  const peak = Math.max(...found.product.map((cost) => cost.peakMib));
  return [
    `${String(images)} local images in the page cache; whole processes, start-up counted; medians of ${String(found.product.length)}.`,
    '',
    textTable([
      ['judged', 'images/s', 'probe is faster by'],
      row('probe, one process', 'product'),
      row('qemu-img info, one by one', 'qemu-img'),
      row('blkid -p, one by one', 'blkid'),
    ]),
    '',
    textTable([
      ['probe, an image', 'median', '90 %', 'most'],
      spread(
        'bytes read',
        costs.map((cost) => cost.bytes),
      ),
      spread(
        'requests',
        costs.map((cost) => cost.requests),
      ),
    ]),
    '',
    `MiB at most, probe: ${grouped(peak)}`,
  ].join('\n');
}
