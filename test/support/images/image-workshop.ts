import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory in which real tools make images for a test. */
export interface ImageWorkshop {
  readonly path: (name: string) => string;
  readonly run: (tool: string, ...args: readonly string[]) => void;
  /** Standard output of a tool as a file. */
  readonly pipe: (name: string, tool: string, ...args: readonly string[]) => void;
  readonly bytes: (name: string) => Uint8Array;
  readonly write: (name: string, bytes: Uint8Array | string) => void;
  readonly blank: (name: string, size: number) => void;
  readonly directory: (name: string) => void;
  readonly close: () => void;
}

export function openWorkshop(): ImageWorkshop {
  const root = mkdtempSync(join(tmpdir(), 'retype-images-'));
  const path = (name: string): string => join(root, name);
  return {
    path,
    run: (tool, ...args) => void execFileSync(tool, args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] }),
    pipe: (name, tool, ...args) => {
      const output = execFileSync(tool, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28 });
      writeFileSync(path(name), output);
    },
    bytes: (name) => new Uint8Array(readFileSync(path(name))),
    write: (name, bytes) => writeFileSync(path(name), bytes),
    blank: (name, size) => {
      writeFileSync(path(name), '');
      truncateSync(path(name), size);
    },
    directory: (name) => mkdirSync(path(name), { recursive: true }),
    close: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** The disks, filesystems and discs that other images are made of: `mbr`, `gpt`, `ext4`, `iso`. */
export function makeGuests({ run, write, blank }: ImageWorkshop): void {
  blank('mbr', 8 << 20);
  const sector = Buffer.alloc(512);
  sector.writeUInt8(0x83, 446 + 4);
  sector.writeUInt32LE(2048, 446 + 8);
  sector.writeUInt32LE(14_336, 446 + 12);
  sector.writeUInt16LE(0xaa55, 510);
  write('sector', sector);
  run('dd', 'if=sector', 'of=mbr', 'conv=notrunc');
  blank('gpt', 8 << 20);
  run('sgdisk', '-n', '1:2048:8192', 'gpt');
  blank('ext4', 4 << 20);
  run('mke2fs', '-q', '-t', 'ext4', 'ext4');
  write('content', 'content\n');
  run('genisoimage', '-quiet', '-R', '-J', '-o', 'iso', 'content');
}
