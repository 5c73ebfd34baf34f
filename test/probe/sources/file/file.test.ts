import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { SourceFailure } from '../../../../src/probe/reading/source.ts';
import { checkPlace, openFile } from '../../../../src/probe/sources/file/file.ts';
import { numberedBytes } from '../../../support/images/http-store.ts';

const home = mkdtempSync(join(tmpdir(), 'file-source-'));
afterAll(() => rmSync(home, { recursive: true }));

const bytes = numberedBytes(100_000);
const image = join(home, 'image');
writeFileSync(image, bytes);

describe('a local file', () => {
  it('is read at any offset, and ends where it ends', async () => {
    const source = await openFile(image);
    expect(source.label).toBe(image);
    expect(source.size()).toBe(100_000);
    expect(Buffer.compare(await source.read(0, 8), bytes.subarray(0, 8))).toBe(0);
    expect(Buffer.compare(await source.read(50_000, 60_000), bytes.subarray(50_000))).toBe(0);
    expect(await source.read(100_000, 10)).toHaveLength(0);
    expect(await source.read(200_000, 10)).toHaveLength(0);
    expect(source.cost()).toEqual({ requests: 2, bytes: 50_008 });
    await source.close();
    await source.close();
  });

  it('is read past 4 GiB', async () => {
    const sparse = join(home, 'sparse');
    const end = 5 * 1024 ** 4;
    writeFileSync(sparse, '');
    truncateSync(sparse, end);
    const handle = await open(sparse, 'r+');
    await handle.write(Buffer.from('conectix'), 0, 8, end - 512);
    await handle.close();
    const source = await openFile(sparse);
    expect(source.size()).toBe(end);
    expect(Buffer.from(await source.read(end - 512, 512)).toString('latin1', 0, 8)).toBe('conectix');
    expect(source.cost().bytes).toBe(512);
    await source.close();
  });

  it('is shorter than it was when it was cut meanwhile', async () => {
    const cut = join(home, 'cut');
    writeFileSync(cut, bytes);
    const source = await openFile(cut);
    truncateSync(cut, 1000);
    expect(Buffer.compare(await source.read(0, 4096), bytes.subarray(0, 1000))).toBe(0);
    await source.close();
  });

  it('is near where its disk is this machine\u2019s own, and its lane is the disk', async () => {
    const sources = await Promise.all([image, image].map((path) => openFile(path)));
    for (const source of sources) {
      expect(source.distance).toBe('near');
      expect(source.lane).toBe(`device ${statSync(image).dev}`);
      await source.close();
    }
  });

  it('is far where its file system is none of a disk', async () => {
    // As a server of files is: sysfs is not on the list either.
    const source = await openFile('/sys/devices/system/cpu/possible');
    expect(source.distance).toBe('far');
    expect((await source.read(0, 1)).length).toBe(1);
    await source.close();
  });

  it('is read into the memory that it is given', async () => {
    const source = await openFile(image);
    const room = new Uint8Array(64).fill(1);
    const given = await source.read(8, 16, room);
    expect(given.buffer).toBe(room.buffer);
    expect(Buffer.compare(given, bytes.subarray(8, 24))).toBe(0);
    expect(room.subarray(16).every((byte) => byte === 1)).toBe(true);
    await source.close();
  });

  it('is not read any more once it is closed: its number may be another file\u2019s', async () => {
    const source = await openFile(image);
    await source.close();
    await expect(source.read(0, 8)).rejects.toThrow(/closed/u);
  });

  it('may be reached by a symbolic link', async () => {
    symlinkSync(image, join(home, 'link'));
    const source = await openFile(join(home, 'link'));
    expect(source.size()).toBe(100_000);
    await source.close();
  });
});

describe('a file of a store', () => {
  const store = join(realpathSync(home), 'store');
  const outside = join(realpathSync(home), 'outside');
  const place = (name: string): string => {
    mkdirSync(join(store, name), { recursive: true });
    mkdirSync(join(outside, name), { recursive: true });
    writeFileSync(join(store, name, 'image'), bytes);
    writeFileSync(join(outside, name, 'image'), 'a secret');
    return join(store, name, 'image');
  };
  /** A place is looked at, is taken by something else, and is opened. */
  const afterwards = async (path: string, change: () => void): Promise<string> => {
    // So that its disk is known, and nothing but the open looks at the file.
    await (await openFile(path, 'refused')).close();
    change();
    const failure = await openFile(path, 'refused').then(
      () => null,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(SourceFailure);
    return (failure as SourceFailure).reason;
  };

  it('is read', async () => {
    const source = await openFile(place('plain'), 'refused');
    expect(source.size()).toBe(100_000);
    await source.close();
  });

  it('is not read through a link that took its place', async () => {
    const path = place('link');
    const reason = await afterwards(path, () => {
      rmSync(path);
      symlinkSync(join(outside, 'link', 'image'), path);
    });
    expect(reason).toBe('too many symbolic links');
  });

  it('is not read through a link that took the place of its directory', async () => {
    const path = place('directory');
    const reason = await afterwards(path, () => {
      rmSync(join(store, 'directory'), { recursive: true });
      symlinkSync(join(outside, 'directory'), join(store, 'directory'));
    });
    expect(reason).toBe('its place was taken by something else while it was opened');
  });

  it('is not waited for where a FIFO took its place', async () => {
    const path = place('pipe');
    const reason = await afterwards(path, () => {
      rmSync(path);
      execFileSync('mkfifo', [path]);
    });
    expect(reason).toBe('a FIFO, not a file');
  });

  it('is not another file than the one at its place', async () => {
    const path = place('swapped');
    const source = await openFile(path, 'refused');
    await source.close();
    // Opened, and then replaced before it is looked at: the calls of the pool leave time for that.
    const descriptor = openSync(join(outside, 'swapped', 'image'), 'r');
    onTestFinished(() => closeSync(descriptor));
    await expect(checkPlace(path, descriptor, 'near')).rejects.toThrow(/its place was taken/u);
    await expect(checkPlace(path, descriptor, 'far')).rejects.toThrow(/its place was taken/u);
  });
});

describe('what is not a file is refused before it is opened', () => {
  const refused = async (path: string): Promise<string> => {
    const failure = await openFile(path).then(
      () => null,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(SourceFailure);
    return (failure as SourceFailure).message;
  };

  it('a directory', async () => {
    mkdirSync(join(home, 'directory'));
    expect(await refused(join(home, 'directory'))).toBe(`${join(home, 'directory')}: a directory, not a file`);
  });

  it('a FIFO without a writer, which would wait for ever', async () => {
    execFileSync('mkfifo', [join(home, 'fifo')]);
    expect(await refused(join(home, 'fifo'))).toContain('a FIFO');
  });

  it('a device', async () => {
    expect(await refused('/dev/zero')).toContain('a character device');
  });

  it('a socket', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(join(home, 'socket'), resolve);
    });
    expect(await refused(join(home, 'socket'))).toContain('a socket');
    server.close();
  });

  it('nothing, a path through a file, a loop', async () => {
    symlinkSync('loop', join(home, 'loop'));
    expect(await refused(join(home, 'none'))).toContain('no such file');
    expect(await refused(join(image, 'below'))).toContain('no such file');
    expect(await refused(join(home, 'loop'))).toContain('too many symbolic links');
    expect(await refused('a\0b')).toContain('cannot be read');
  });
});
