import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { QCOW } from '../../../src/probe/containers/qcow.ts';
import { patch, qcowImage, noise } from './bytes.ts';
import { openBytes } from './image-file.ts';
import { FAR, field, itJudges, MALFORMED, OUTSIDE, OVERSIZED } from './header-cases.ts';

describe('qcow', () => {
  itJudges(QCOW, qcowImage(), [
    field('backing file', (image) => image.be64(8, 200).be32(16, 4).text(200, 'base'), {
      safety: ['BACKING_FILE'],
      guest: 'unreadable',
    }),
    field('backing file, nothing there', (image) => image.be64(8, 200).be32(16, 4).be64(48, 0), {
      safety: ['BACKING_FILE'],
      guest: { closed: 'needs a backing file' },
    }),
    field('backing file json:', (image) => image.be64(8, 200).be32(16, 7).text(200, 'json:{}'), {
      safety: ['BACKING_FILE', 'REMOTE_NAME'],
      guest: 'unreadable',
    }),
    field('backing file name over the header', (image) => image.be64(8, 8).be32(16, 4), {
      safety: ['BACKING_FILE', 'MALFORMED_HEADER'],
      guest: { closed: 'malformed header' },
    }),
    field('AES', (image) => image.be32(36, 1), { safety: ['ENCRYPTED_CONTENT'], guest: { closed: 'encrypted' } }),
    field('encryption method 2', (image) => image.be32(36, 2), {
      safety: ['ENCRYPTED_CONTENT', 'MALFORMED_HEADER'],
      guest: { closed: 'malformed header' },
    }),
    field('cluster bits 8', (image) => image.u8(32, 8), MALFORMED),
    field('cluster bits 17', (image) => image.u8(32, 17), MALFORMED),
    field('L2 bits 5', (image) => image.u8(33, 5), MALFORMED),
    field('L2 bits 14', (image) => image.u8(33, 14), MALFORMED),
    field('virtual size 1', (image) => image.be64(24, 1), MALFORMED),
    field('virtual size of all ones', (image) => image.be64(24, 2n ** 64n - 1n), MALFORMED),
    field('virtual size that needs an L1 table beyond 2 GiB', (image) => image.be64(24, 2n ** 50n), {
      safety: ['OVERSIZED_TABLE', 'TABLE_OUT_OF_BOUNDS'],
      guest: OVERSIZED,
    }),
    field('L1 table past the end', (image) => image.be64(40, 16_384), OUTSIDE),
    field('L1 table over the header', (image) => image.be64(40, 40), OUTSIDE),
    field('L1 table beyond any file', (image) => image.be64(40, FAR), OUTSIDE),
    field('L2 table past the end', (image) => image.be64(48, 16_384), {
      safety: ['TABLE_OUT_OF_BOUNDS'],
      guest: 'unreadable',
    }),
    field('L2 table beyond any file', (image) => image.be64(48, FAR), {
      safety: ['TABLE_OUT_OF_BOUNDS'],
      guest: 'unreadable',
    }),
    field('cluster past the end', (image) => image.be64(4096, 16_384), {
      safety: ['DATA_OUT_OF_BOUNDS'],
      guest: 'unreadable',
    }),
    field('cluster beyond any file', (image) => image.be64(4096, FAR - 1n), {
      safety: ['DATA_OUT_OF_BOUNDS'],
      guest: 'unreadable',
    }),
    field('compressed cluster of no bytes', (image) => image.be64(4096, FAR + 8192n), {
      safety: [],
      guest: 'unreadable',
    }),
  ]);

  it('takes no more compressed bytes than the entry says', async () => {
    const packed = deflateRawSync(Buffer.concat([noise(2048, 9), Buffer.alloc(2048)]));
    const image = (length: number): Buffer => {
      const { bytes } = patch(qcowImage()).be64(4096, FAR + (BigInt(length) << 51n) + 8192n);
      packed.copy(bytes, 8192);
      return bytes;
    };
    const whole = await openBytes(QCOW, image(packed.length), 0, 4096);
    expect(Buffer.from(whole.guest as Uint8Array).subarray(0, 2048)).toEqual(noise(2048, 9));
    expect((await openBytes(QCOW, image(packed.length - 900), 0, 4096)).guest).toMatchObject({ reason: 'malformed' });
  });
});
