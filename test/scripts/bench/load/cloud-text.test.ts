import { expect, it } from 'vitest';
import { cloudLines } from '../../../../scripts/bench/load/cloud-text.ts';
import { cloudRows } from '../../../../scripts/fixtures/cloud.ts';

it('parts columns by tabs, writes NULL as \\N and puts a backslash before what would part columns or lines', () => {
  const [row] = cloudRows({ images: 1, seed: 1 });
  if (row === undefined) throw new Error('no row');
  const image = { ...row.image, id: 'i', name: 'a\tb\nc\\N\r', size: null, deleted: 0 as const };
  const property = { image_id: 'i', name: 'n', value: '', created_at: 't', updated_at: null, deleted_at: null };
  const lines = cloudLines({
    ...row,
    image,
    properties: [
      { ...property, deleted: 1 },
      { ...property, deleted: 0 },
    ],
  });
  expect(lines.image.split('\t').slice(0, 3)).toEqual(['i', String.raw`a\tb\nc\\N\r`, String.raw`\N`]);
  expect(lines.image.match(/\n/gu)).toHaveLength(1);
  expect(lines.properties).toBe('i\tn\t\tt\t\\N\t\\N\t1\ni\tn\t\tt\t\\N\t\\N\t0\n');
});
