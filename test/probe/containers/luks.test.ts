import { execFileSync } from 'node:child_process';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { HEAD_LENGTH } from '../../../src/probe/reading/file-head.ts';
import { LUKS } from '../../../src/probe/containers/luks.ts';
import { fieldsOf } from '../../../src/probe/reading/fields.ts';
import { patch } from './bytes.ts';
import { qemuImg, temporary } from './guests.ts';
import { openBytes } from './image-file.ts';

const MIB = 1024 * 1024;
const CLOSED = { kind: 'closed', why: 'encrypted' };

let directory: string;
let luks1: Buffer;
let luks2: Buffer;

function format(version: 'luks1' | 'luks2'): Buffer {
  const path = join(directory, version);
  writeFileSync(path, '');
  truncateSync(path, 20 * MIB);
  const cost = version === 'luks1' ? [] : ['--pbkdf', 'pbkdf2'];
  execFileSync(
    'cryptsetup',
    ['luksFormat', '--batch-mode', '--type', version, ...cost, '--pbkdf-force-iterations', '1000', path, '-'],
    { input: 'a passphrase', stdio: ['pipe', 'ignore', 'pipe'] },
  );
  return readFileSync(path);
}

beforeAll(() => {
  directory = temporary();
  luks1 = format('luks1');
  luks2 = format('luks2');
});

function isRecognised(bytes: Uint8Array): boolean {
  return LUKS.recognise({ head: fieldsOf(bytes.subarray(0, HEAD_LENGTH)), size: bytes.length }) !== null;
}

describe('luks', () => {
  it('version 1: what follows the payload offset is the disk', async () => {
    const { container } = await openBytes(LUKS, luks1);
    expect(container).toMatchObject({ containerType: 'luks', safety: ['ENCRYPTED_CONTENT'], guest: CLOSED });
    expect(container.virtualSize).toBe(luks1.length - luks1.readUInt32BE(104) * 512);
  });

  it('version 1 as QEMU makes it has the virtual size that was asked for', async () => {
    const path = join(directory, 'qemu.luks');
    const secret = 'secret,id=key,data=a passphrase';
    qemuImg('create', '-f', 'luks', '--object', secret, '-o', 'key-secret=key,iter-time=10', path, '8M');
    const { container } = await openBytes(LUKS, readFileSync(path));
    expect(container).toMatchObject({ virtualSize: 8 * MIB, safety: ['ENCRYPTED_CONTENT'], guest: CLOSED });
  });

  it('version 1, payload past the end', async () => {
    const { container } = await openBytes(LUKS, patch(luks1).be32(104, 0xffff_ffff).bytes);
    expect(container).toMatchObject({ virtualSize: null, safety: ['ENCRYPTED_CONTENT', 'TRUNCATED'], guest: CLOSED });
  });

  it('version 1 with a detached header tells no size', async () => {
    const { container } = await openBytes(LUKS, patch(luks1).be32(104, 0).bytes);
    expect(container).toMatchObject({ virtualSize: null, safety: ['ENCRYPTED_CONTENT'] });
  });

  it('version 2', async () => {
    const { container } = await openBytes(LUKS, luks2);
    expect(container).toMatchObject({ virtualSize: null, safety: ['ENCRYPTED_CONTENT'], guest: CLOSED });
  });

  it.each([
    ['missing', (bytes: Buffer) => patch(bytes).u8(16_384, 0).bytes],
    ['of another sequence', (bytes: Buffer) => patch(bytes).u8(16_384 + 23, 0xff).bytes],
    ['of another uuid', (bytes: Buffer) => patch(bytes).u8(16_384 + 168, 0x7a).bytes],
  ])('version 2, second header %s', async (_, change) => {
    const { container } = await openBytes(LUKS, change(luks2));
    expect(container.safety).toEqual(['ENCRYPTED_CONTENT', 'HEADERS_DISAGREE']);
  });

  it('version 2, header length that is not defined', async () => {
    const { container } = await openBytes(LUKS, patch(luks2).be64(8, 2n ** 63n).bytes);
    expect(container).toMatchObject({ safety: ['ENCRYPTED_CONTENT', 'MALFORMED_HEADER'], guest: CLOSED });
  });

  it('version 2 with the first header wiped is known by the second', async () => {
    const { container } = await openBytes(LUKS, patch(luks2).fill(0, 16_384, 0).bytes);
    expect(container).toMatchObject({ safety: ['ENCRYPTED_CONTENT', 'HEADERS_DISAGREE'], guest: CLOSED });
    expect(container.evidence).toContainEqual(expect.objectContaining({ offset: 0 }));
  });

  it('a second header left over behind other content says nothing', () => {
    expect(isRecognised(patch(luks2).fill(0, 16_384, 0).u8(1080, 0x53).bytes)).toBe(false);
  });

  it('a second header that claims another offset is ignored', () => {
    const moved = Buffer.alloc(MIB);
    luks2.copy(moved, 32_768, 16_384, 32_768);
    expect(isRecognised(moved)).toBe(false);
    expect(isRecognised(patch(moved).be64(32_768 + 8, 32_768).bytes)).toBe(false);
    expect(
      isRecognised(
        patch(moved)
          .be64(32_768 + 8, 32_768)
          .be64(32_768 + 256, 32_768).bytes,
      ),
    ).toBe(true);
  });

  it.each([
    ['the magic cut short', () => Buffer.from(luks1.subarray(0, 5))],
    ['version 3', () => patch(luks1).u8(7, 3).bytes],
    ['zeros', () => Buffer.alloc(MIB)],
    ['nothing', () => Buffer.alloc(0)],
  ])('%s is not recognised', (_, make) => {
    expect(isRecognised(make())).toBe(false);
  });

  it('version 1 cut short after the version', async () => {
    const { container } = await openBytes(LUKS, luks1.subarray(0, 8));
    expect(container).toMatchObject({ safety: ['ENCRYPTED_CONTENT', 'TRUNCATED'], guest: { kind: 'closed' } });
  });
});
