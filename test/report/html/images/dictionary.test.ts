import { expect, it } from 'vitest';

import { imageData } from '../../../../src/report/html/images/dictionary.ts';
import { dataOf, IMAGES, QCOW2 } from './made-data.ts';

it('images that are alike share everything but id, name and owner', () => {
  const own = [1, 2, 3].map(
    (number) =>
      [{ id: `${number}` }, { ...QCOW2, evidence: [{ kind: 'property', detail: `kernel_id=${number}` }] }] as const,
  );
  const { kinds, evidence, sights } = dataOf([...own, ...own]);
  expect([kinds.length, evidence.length, sights.length]).toEqual([1, 3, 3]);
});

it('owners, codes and columns: each distinct text once, NULL apart', () => {
  const { owners, codes, columns } = dataOf(IMAGES);
  expect(owners).toEqual(['tenant-a', null, 'tenant-b', 'tenant']);
  expect(Object.keys(codes).toSorted()).toEqual(['BACKING_FILE', 'FS_NO_KERNEL', 'UNSAFE_CONTENT']);
  expect(columns.id).toEqual(['id-5', 'id-2', 'id-4', 'id-3', 'id-10', 'id-6']);
  expect(columns.owner.map((place) => owners[place])).toEqual([
    'tenant-a',
    null,
    'tenant-b',
    'tenant-b',
    'tenant-a',
    'tenant',
  ]);
});

it('no images, no entries', () => {
  expect(imageData({ total: 3, attention: 0, kept: [] })).toEqual({
    total: 3,
    codes: {},
    kinds: [],
    owners: [],
    sights: [],
    evidence: [],
    columns: { id: [], name: [], owner: [], kind: [], evidence: [] },
  });
});
