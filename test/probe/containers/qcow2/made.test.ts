import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { CONTAINER_FORMATS } from '../../../../src/probe/containers/containers.ts';
import { QCOW } from '../../../../src/probe/containers/qcow.ts';
import { QCOW2 } from '../../../../src/probe/containers/qcow2/qcow2.ts';
import { QED } from '../../../../src/probe/containers/qed.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { qemuImg, qemuIo, temporary, writeGuest } from '../guests.ts';
import { openFile } from '../image-file.ts';

/** Images with hazards as QEMU itself makes them. */

let directory: string;
let base: string;
let made = 0;

beforeAll(() => {
  directory = temporary();
  base = writeGuest('holes', directory);
});

function create(format: string, ...parameters: readonly string[]): string {
  made += 1;
  const path = join(directory, `made-${made}`);
  qemuImg('create', '-f', format, ...parameters.slice(0, -1), path, ...parameters.slice(-1));
  return path;
}

describe('backing files', () => {
  it.each([
    ['qcow2', QCOW2],
    ['qcow', QCOW],
    ['qed', QED],
  ])('%s: nothing written, then part of the window, then all of it', async (driver, format) => {
    const image = create(driver, '-b', base, '-F', 'raw', '64M');
    const empty = await openFile(format, image);
    expect(empty.container.safety).toEqual(['BACKING_FILE']);
    expect(empty.container.guest).toEqual({ kind: 'closed', why: 'needs a backing file' });
    expect(empty.container.virtualSize).toBe(64 * 1024 * 1024);

    qemuIo(driver, image, 'write -P 0x11 0 64k');
    const part = await openFile(format, image);
    expect(part.guest).toMatchObject({ name: 'Unreadable', reason: 'unsupported' });
    expect((await openFile(format, image, 0, 65_536)).guest).toEqual(new Uint8Array(65_536).fill(0x11));

    qemuIo(driver, image, 'write -P 0x22 64k 64k');
    const whole = await openFile(format, image);
    expect(whole.guest).toEqual(new Uint8Array(69_632).fill(0x11, 0, 65_536).fill(0x22, 65_536));
  });

  it('qcow2 with extended L2: a subcluster written, one of zeros, the rest missing', async () => {
    const image = create('qcow2', '-o', 'extended_l2=on,cluster_size=128k', '-b', base, '-F', 'raw', '64M');
    qemuIo('qcow2', image, 'write -P 0x11 0 4k');
    expect((await openFile(QCOW2, image, 0, 4096)).guest).toEqual(new Uint8Array(4096).fill(0x11));
    expect((await openFile(QCOW2, image, 0, 4097)).guest).toMatchObject({ reason: 'unsupported' });
    qemuIo('qcow2', image, 'write -z 4k 4k');
    expect((await openFile(QCOW2, image, 0, 8192)).guest).toEqual(new Uint8Array(8192).fill(0x11, 0, 4096));
    expect((await openFile(QCOW2, image, 0, 8193)).guest).toMatchObject({ reason: 'unsupported' });
  });

  it('the name is nowhere in what is said', async () => {
    const image = create('qcow2', '-b', base, '-F', 'raw', '64M');
    const { container } = await openFile(QCOW2, image);
    expect(JSON.stringify(container)).not.toContain('holes');
  });

  it('a json: name', async () => {
    const image = create('qcow2', '-u', '-b', 'json:{"driver":"raw"}', '-F', 'raw', '64M');
    expect((await openFile(QCOW2, image)).container.safety).toEqual(['BACKING_FILE', 'REMOTE_NAME']);
  });

  it('a version 2 image with a backing format extension', async () => {
    const image = create('qcow2', '-o', 'compat=0.10', '-b', base, '-F', 'raw', '64M');
    expect((await openFile(QCOW2, image)).container.safety).toEqual(['BACKING_FILE']);
  });
});

describe('qcow2 features', () => {
  it('external data file', async () => {
    const image = create('qcow2', '-o', `data_file=${join(directory, 'data')}`, '1M');
    const { container } = await openFile(QCOW2, image);
    expect(container.safety).toEqual(['EXTERNAL_DATA_FILE']);
    expect(container.guest).toEqual({ kind: 'closed', why: 'data in another file' });
    expect(JSON.stringify(container)).not.toContain('containers-');
  });

  it.each(['aes', 'luks'])('encryption: %s', async (method) => {
    const secret = 'secret,id=key,data=a passphrase';
    const cost = method === 'luks' ? ',encrypt.iter-time=10' : '';
    const options = `encrypt.format=${method},encrypt.key-secret=key${cost}`;
    const image = create('qcow2', '--object', secret, '-o', options, '1M');
    const { container } = await openFile(QCOW2, image);
    expect(container.safety).toEqual(['ENCRYPTED_CONTENT']);
    expect(container.guest).toEqual({ kind: 'closed', why: 'encrypted' });
  });

  it('internal snapshots: the active disk is read', async () => {
    const image = create('qcow2', '1M');
    qemuIo('qcow2', image, 'write -P 0x11 0 64k');
    qemuImg('snapshot', '-c', 'before', image);
    qemuIo('qcow2', image, 'write -P 0x22 0 64k');
    const { container, guest } = await openFile(QCOW2, image, 0, 512);
    expect(container.safety).toEqual(['INTERNAL_SNAPSHOTS']);
    expect(guest).toEqual(new Uint8Array(512).fill(0x22));
  });

  it('a bitmap extension is passed over', async () => {
    const image = create('qcow2', '1M');
    qemuImg('bitmap', '--add', image, 'changes');
    expect((await openFile(QCOW2, image)).container.safety).toEqual([]);
  });

  it('an empty disk of no bytes', async () => {
    const { container, guest } = await openFile(QCOW2, create('qcow2', '0'));
    expect(container).toMatchObject({ virtualSize: 0, safety: [] });
    expect(guest).toEqual(new Uint8Array(0));
  });

  it('a disk of 1 PiB in a small file', async () => {
    const { container, guest } = await openFile(QCOW2, create('qcow2', '-o', 'cluster_size=2M', '1024T'));
    expect(container).toMatchObject({ virtualSize: 2 ** 50, safety: [] });
    expect(guest).toEqual(new Uint8Array(69_632));
  });
});

describe('recognition', () => {
  it.each(['qcow', 'qcow2', 'qed', 'vdi', 'parallels'])('%s is one container and no other', (driver) => {
    const path = create(driver, '8M');
    const bytes = readFileSync(path).subarray(0, 512 * 1024);
    const found = CONTAINER_FORMATS.filter(
      ({ recognise }) => recognise({ head: fieldsOf(bytes), size: bytes.length }) !== null,
    );
    expect(found.map(({ containerType }) => containerType)).toEqual([driver === 'parallels' ? 'ploop' : driver]);
  });

  it.each([0, 1, 3, 4, 5, 7, 8, 16, 63, 64, 67])('%i bytes of any magic are not too few to look at', (length) => {
    for (const magic of [
      'QFI\u00fb\0\0\0\u0003',
      'OOOM\0\0\0\u0002',
      'QED\0',
      'WithoutFreeSpace\u0002',
      'LUKS\u00ba\u00be',
    ]) {
      const bytes = Buffer.alloc(length);
      bytes.write(magic, 'latin1');
      for (const { recognise } of CONTAINER_FORMATS) recognise({ head: fieldsOf(bytes), size: length });
    }
    expect(length).toBeGreaterThanOrEqual(0);
  });
});
