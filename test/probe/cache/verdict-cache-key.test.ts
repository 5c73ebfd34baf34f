import { describe, expect, it } from 'vitest';

import { contentKey } from '../../../src/probe/cache/verdict-cache-key.ts';

describe('contentKey', () => {
  const md5 = 'd41d8cd98f00b204e9800998ecf8427e';
  const locations = ['file:///var/lib/glance/images/a', 'filesystem:///srv/images/a'];

  it('prefers the strong hash, in lower case', () => {
    const hash = { algorithm: 'SHA512', value: 'AB'.repeat(64) };
    expect(contentKey({ locations, size: 41_126_400n, checksum: md5, hash })).toEqual({
      algorithm: 'sha512',
      digest: 'ab'.repeat(64),
      size: '41126400',
    });
    expect(contentKey({ locations, size: 5n, checksum: md5, hash: null })).toEqual({
      algorithm: 'md5',
      digest: md5,
      size: '5',
    });
  });

  it.each([
    [],
    ['https://tenant.example/image'],
    ['http://'],
    ['rbd://'],
    ['swift://'],
    ['s3://'],
    ['file:///var/lib/glance/images/a', 'http://'],
    ['gAAAAAencrypted'],
  ])('takes no checksum that a user may only claim (%#)', (...elsewhere) => {
    expect(contentKey({ locations: elsewhere, size: 5n, checksum: md5, hash: null })).toBeNull();
  });

  it.each([
    { size: null, checksum: md5, hash: null },
    { size: 0n, checksum: md5, hash: null },
    { size: 1n, checksum: null, hash: null },
    { size: 1n, checksum: 'my secret name', hash: null },
    { size: 1n, checksum: `${md5}0`, hash: null },
    { size: 1n, checksum: md5, hash: { algorithm: 'sha512', value: 'file:///etc/passwd' } },
    { size: 1n, checksum: md5, hash: { algorithm: '../x', value: 'ab'.repeat(64) } },
  ])('names nothing by what Glance does not write (%#)', (row) => {
    expect(contentKey({ ...row, locations })).toBeNull();
  });
});
