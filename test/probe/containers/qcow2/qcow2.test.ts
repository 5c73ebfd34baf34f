import { describe, expect, it } from 'vitest';
import { QCOW2 } from '../../../../src/probe/containers/qcow2/qcow2.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { patch, qcow2Image } from '../bytes.ts';
import { openBytes } from '../image-file.ts';

const recognised = (bytes: Uint8Array): unknown => QCOW2.recognise({ head: fieldsOf(bytes), size: bytes.length });

describe('the magic', () => {
  it.each([2, 3, 4])('is that of qcow2 in version %d', (version) => {
    expect(recognised(patch(8).text(0, 'QFI\xfb').be32(4, version).bytes)).toEqual({
      offset: 0,
      detail: `qcow2 magic, version ${version}`,
    });
  });

  it('is that of qcow in version 1, and of nothing where the version is missing', () => {
    expect(recognised(patch(8).text(0, 'QFI\xfb').be32(4, 1).bytes)).toBeNull();
    expect(recognised(patch(7).text(0, 'QFI\xfb').bytes)).toBeNull();
  });
});

describe('header extensions', () => {
  const DATA_FILE = 0x4441_5441;

  it('are walked to the end mark: an unknown one is skipped with its padding', async () => {
    const unknown = patch(qcow2Image(3)).be32(104, 0x1234_5678).be32(108, 3).text(112, 'abc');
    expect((await openBytes(QCOW2, unknown.bytes)).container.safety).toEqual([]);
    const second = unknown.be32(120, DATA_FILE).be32(124, 1).text(128, 'x');
    expect((await openBytes(QCOW2, second.bytes)).container.safety).toEqual(['EXTERNAL_DATA_FILE']);
  });

  it('may name a data file, which is not followed', async () => {
    const image = patch(qcow2Image(3)).be32(104, DATA_FILE).be32(108, 5).text(112, 'nbd:x').bytes;
    const { container } = await openBytes(QCOW2, image);
    expect(container.safety).toEqual(['EXTERNAL_DATA_FILE', 'REMOTE_NAME']);
    expect(JSON.stringify(container.evidence)).not.toContain('nbd');
  });

  it('that are longer than the first cluster close the guest', async () => {
    const image = patch(qcow2Image(3)).be32(104, 0x1234_5678).be32(108, 65_536).bytes;
    const { container } = await openBytes(QCOW2, image);
    expect(container).toMatchObject({
      safety: ['MALFORMED_HEADER'],
      guest: { kind: 'closed', why: 'malformed header' },
    });
  });
});
