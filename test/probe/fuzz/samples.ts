import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';

/** Real bytes of one format, small enough to be probed a hundred thousand times. */
export interface Sample {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Compressed throughout. Such a sample takes ten times as long as others and has few fields to set: it gets fewer
 * cases.
 */
export function isPacked({ name }: Sample): boolean {
  return /\.(?:gz|bz2|xz|lzma|p?zst|lz4l?|lzo|lz|Z|zlib|zip)$|^(?:zip|xenserver|udif)$/u.test(name);
}

const MIB = 1024 * 1024;

/** Images larger than this are cut behind it; the tail is kept, where footers are. */
const LONGEST = MIB;

/** A descriptor that names other files in every way that QEMU follows. */
const DESCRIPTOR = [
  'version=1',
  'CID=fffffffe',
  'parentCID=11111111',
  'createType="vmfs"',
  'parentFileNameHint="json:{}"',
  'RW 2 FLAT "a" 0',
  'RW +0002 VMFS "nbd:a"',
  'RDONLY 2 SPARSE "../a"',
  '',
].join('\n');

/** Makes a sample of every format that a tool on this machine can write, and of some by hand. */
export function makeSamples(): readonly Sample[] {
  const directory = mkdtempSync(join(tmpdir(), 'retype-fuzz-'));
  const at = (name: string): string => join(directory, name);
  const run = (tool: string, ...args: string[]): void => {
    execFileSync(tool, args, { cwd: directory, stdio: ['ignore', 'ignore', 'ignore'] });
  };
  const samples: Sample[] = [];
  const keep = (name: string, bytes: Uint8Array = readFileSync(at(name))): void => {
    const whole = new Uint8Array(bytes);
    samples.push({ name, bytes: whole.length <= LONGEST ? whole : shortened(whole) });
  };
  const blank = (name: string, size: number): void => {
    writeFileSync(at(name), '');
    truncateSync(at(name), size);
  };
  try {
    blank('mbr', 4 * MIB);
    writeFileSync(at('mbr'), masterBootRecord(), { flag: 'r+' });
    keep('mbr');
    blank('gpt', 4 * MIB);
    run('sgdisk', '-n', '1:2048:4096', 'gpt');
    keep('gpt');
    for (const type of ['ext2', 'ext4']) {
      blank(type, 2 * MIB);
      run('mke2fs', '-q', '-t', type, type);
      keep(type);
    }
    blank('fat', 2 * MIB);
    run('mkfs.fat', 'fat');
    keep('fat');
    blank('fat-atari', MIB);
    run('mkfs.fat', '-A', 'fat-atari');
    keep('fat-atari');
    blank('bfs', MIB);
    run('mkfs.bfs', 'bfs');
    keep('bfs');
    keep('atari', atariTable());
    keep('zvm', zvmImage());
    keep('raid-tail', raidMember());
    writeFileSync(at('content'), 'content\n');
    run('genisoimage', '-quiet', '-R', '-J', '-o', 'iso', 'content');
    keep('iso');
    for (const [name, ...options] of CONTAINERS) {
      run('qemu-img', 'convert', '-f', 'raw', '-O', ...options, 'mbr', name);
      keep(name);
    }
    const plain = readFileSync(at('ext2')).subarray(0, 100_000);
    writeFileSync(at('plain'), plain);
    writeFileSync(at('nothing'), '');
    /** An empty stream before another one. */
    const twice = (tool: string, ...args: string[]): Uint8Array =>
      Buffer.concat(
        ['nothing', 'plain'].map((name) =>
          execFileSync(tool, [...args, name], { cwd: directory, stdio: ['ignore', 'pipe', 'ignore'] }),
        ),
      );
    const cpio = execFileSync('cpio', ['-o', '-H', 'newc'], {
      cwd: directory,
      input: 'content\n',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    writeFileSync(at('cpio'), cpio);
    keep('cpio');
    for (const [name, tool, ...args] of COMPRESSORS) {
      keep(
        `plain.${name}`,
        execFileSync(tool, [...args, 'plain'], { cwd: directory, stdio: ['ignore', 'pipe', 'ignore'] }),
      );
      keep(
        `cpio.${name}`,
        execFileSync(tool, [...args, 'cpio'], { cwd: directory, stdio: ['ignore', 'pipe', 'ignore'] }),
      );
    }
    keep('two.xz', twice('xz', '-c'));
    keep('two.bz2', twice('bzip2', '-c'));
    keep('two.lz', twice('lzip', '-c'));
    keep(
      'mixed.zst',
      Buffer.concat([twice('zstd', '-q', '-c'), twice('lz4', '-q', '-c'), twice('lz4', '-q', '-l', '-c')]),
    );
    keep('plain.zlib', deflateSync(plain));
    keep('vhd-fixed.gz', gzipSync(readFileSync(at('vhd-fixed'))));
    keep('udif', withTrailer(deflateSync(plain)));
    keep('udif.zip', zipOf(withTrailer(deflateSync(plain))));
    keep('qcow2.gz', gzipSync(readFileSync(at('qcow2'))));
    keep('zip', zipOf(plain));
    keep('vmdk-text', Buffer.from(DESCRIPTOR));
    keep('vmdk-split-text', Buffer.from(`Prose.\n${DESCRIPTOR.replaceAll(' ', '\n')}`));
    writeFileSync(at('vm.ovf'), '<?xml version="1.0"?><Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1"/>');
    keep('vm.ovf');
    run('tar', '--format=ustar', '-cf', 'ova', 'vm.ovf', 'vmdk-stream');
    keep('ova');
    run('cp', 'vhd', '0.vhd');
    run('tar', '--format=gnu', '-czf', 'xenserver', '0.vhd');
    keep('xenserver');
    run('tar', '--format=pax', '-cf', 'tar', 'plain', 'content');
    keep('tar');
    run('tar', '--format=oldgnu', '-S', '-cf', 'sparse-old', 'ext2');
    keep('sparse-old');
    for (const version of ['0.0', '0.1', '1.0']) {
      run('tar', '--format=posix', `--sparse-version=${version}`, '-S', '-czf', `sparse-${version}`, 'ext2');
      keep(`sparse-${version}`);
    }
    writeFileSync(at('manifest.json'), '[{"Config":"c.json","Layers":["layer.tar"]}]');
    run('ln', '-s', '../../outside', 'link');
    run('tar', '--format=gnu', '-cf', 'docker', 'manifest.json', 'link', 'content');
    keep('docker');
    run('zip', '-q', 'two.zip', 'content', 'qcow2');
    keep('two.zip');
    run('zip', '-q', '-Z', 'bzip2', 'bzip2.zip', 'plain');
    keep('bzip2.zip');
    return samples;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const CONTAINERS: readonly (readonly [name: string, ...options: string[]])[] = [
  ['qcow2', 'qcow2', '-o', 'cluster_size=4k'],
  ['qcow2-v2', 'qcow2', '-o', 'compat=0.10'],
  ['qcow2-zlib', 'qcow2', '-c'],
  ['qcow2-zstd', 'qcow2', '-c', '-o', 'compression_type=zstd'],
  ['qcow2-l2', 'qcow2', '-o', 'extended_l2=on,cluster_size=128k'],
  ['qcow', 'qcow'],
  ['qed', 'qed', '-o', 'cluster_size=4k'],
  ['vdi', 'vdi'],
  ['vhd', 'vpc', '-o', 'force_size=on'],
  ['vhd-fixed', 'vpc', '-o', 'subformat=fixed,force_size=on'],
  ['vhdx', 'vhdx', '-o', 'block_size=1M'],
  ['vmdk', 'vmdk'],
  ['vmdk-stream', 'vmdk', '-o', 'subformat=streamOptimized'],
  ['vmdk-flat', 'vmdk', '-o', 'subformat=monolithicFlat'],
  ['parallels', 'parallels', '-o', 'cluster_size=64k'],
];

const COMPRESSORS: readonly (readonly [name: string, tool: string, ...args: string[]])[] = [
  ['gz', 'gzip', '-c'],
  ['bz2', 'bzip2', '-1', '-c'],
  ['xz', 'xz', '-c'],
  ['lzma', 'xz', '--format=lzma', '-c'],
  ['zst', 'zstd', '-q', '-c'],
  ['lz4', 'lz4', '-q', '-c'],
  ['lz4l', 'lz4', '-q', '-l', '-c'],
  ['lzo', 'lzop', '-c'],
  ['lz', 'lzip', '-c'],
  ['Z', 'compress', '-f', '-c'],
  ['pzst', 'pzstd', '-q', '-c'],
];

function shortened(bytes: Uint8Array): Uint8Array {
  const kept = bytes.slice(0, LONGEST);
  kept.set(bytes.subarray(bytes.length - 1024), LONGEST - 1024);
  return kept;
}

/** One partition of type 83 from sector 2048 on. */
function masterBootRecord(): Uint8Array {
  const sector = new Uint8Array(512);
  const view = new DataView(sector.buffer);
  view.setUint8(446 + 4, 0x83);
  view.setUint32(446 + 8, 2048, true);
  view.setUint32(446 + 12, 6144, true);
  view.setUint16(510, 0xaa55, true);
  return sector;
}

/** A UDIF image: a piece that is packed, and the trailer. */
function withTrailer(piece: Uint8Array): Uint8Array {
  const trailer = Buffer.alloc(512);
  trailer.write('koly', 'latin1');
  trailer.writeUInt32BE(4, 4);
  trailer.writeUInt32BE(512, 8);
  return Buffer.concat([piece, Buffer.from('<plist/>'), trailer]);
}

/** Two partitions, the second of which extends the table. */
function atariTable(): Uint8Array {
  const disk = Buffer.alloc(MIB);
  disk.writeUInt32BE(2048, 450);
  [2, 1024].forEach((start, index) => {
    disk.write(index === 0 ? '\x01GEM' : '\x01XGM', 454 + 12 * index, 'latin1');
    disk.writeUInt32BE(start, 458 + 12 * index);
    disk.writeUInt32BE(1000, 462 + 12 * index);
  });
  return disk;
}

/** The header of a captured disk and a volume label of a DASD, in the places of both. */
function zvmImage(): Uint8Array {
  const image = Buffer.alloc(16_384);
  image.write('xCAT CKD Disk Image:        3338 CYL HLen: 0055 GZIP: 0'.padEnd(512), 'latin1');
  image.set([0xe5, 0xd6, 0xd3, 0xf1, 0xe5, 0xd6, 0xd3, 0xf1, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf1], 8192);
  return image;
}

/**
 * A blank disk with the metadata of Intel's firmware two sectors before its end, one byte of which decides whether it
 * is a member.
 */
function raidMember(): Uint8Array {
  const disk = Buffer.alloc(MIB);
  disk.write('Intel Raid ISM Cfg Sig. 1.0.00', MIB - 1024, 'latin1');
  disk.writeUInt32LE(1024, MIB - 1024 + 36);
  return disk;
}

function zipOf(plain: Uint8Array): Uint8Array {
  const packed = deflateRawSync(plain);
  const header = Buffer.alloc(35);
  header.write('PK\x03\x04', 'latin1');
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(8, 8);
  header.writeUInt32LE(packed.length, 18);
  header.writeUInt32LE(plain.length, 22);
  header.writeUInt16LE(5, 26);
  header.write('plain', 30, 'latin1');
  return Buffer.concat([header, packed]);
}
