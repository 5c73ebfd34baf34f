import { expect, it } from 'vitest';
import { commonEvidence } from '../../../src/report/plan/common-evidence.ts';

const ID = '4f0c7a1e-1d1c-4b57-9a53-3f4b9d2c1a10';

function common(kind: string, detail: string): readonly string[] {
  return commonEvidence([{ kind, detail }]).map((sight) => `${sight.kind}: ${sight.detail}`);
}

it.each([
  ['property', `kernel_id=${ID} (live)`, 'kernel_id is live'],
  ['property', `ramdisk_id=${ID} (missing)`, 'ramdisk_id is missing'],
  ['property', 'kernel_id=(17 characters that are no id) (deleted)', 'kernel_id is deleted'],
  ['reference', `kernel_id of 1 live image, for example ${ID}`, 'kernel_id of live images'],
  ['reference', 'ramdisk_id of 204 live images', 'ramdisk_id of live images'],
  ['property', 'img_type=kernel', 'img_type=kernel'],
  ['tuple', 'disk_format read as raw', 'disk_format read as raw'],
  ['content', 'byte 446: MBR: 1 entry (likely)', 'MBR: 1 entry (likely)'],
  [
    'content',
    'byte 0: qcow2 magic, version 3; byte beyond 1 MiB: guest offset 0; guest 446: MBR: 1 entry (likely)',
    'qcow2 magic, version 3; guest offset 0; MBR: 1 entry (likely)',
  ],
  ['content', 'byte 0: blocks of 33554432 bytes, sectors of 512', 'blocks of … bytes, sectors of 512'],
  ['content', 'byte 32768: ISO 9660: primary volume descriptor', 'ISO 9660: primary volume descriptor'],
])('of %s "%s" others share "%s"', (kind, detail, shared) => {
  expect(common(kind, detail)).toEqual([`${kind}: ${shared}`]);
});

it('the tuple as stored and the rows that took part say nothing that the question does not', () => {
  expect(common('tuple', 'disk_format=raw, container_format=bare')).toEqual([]);
  expect(common('rule', 'row RAW: it may hold anything')).toEqual([]);
});

it('an image shows each sight once', () => {
  expect(
    commonEvidence([
      { kind: 'content', detail: 'byte 0: gzip data' },
      { kind: 'content', detail: 'byte 4096: gzip data' },
    ]),
  ).toEqual([{ kind: 'content', detail: 'gzip data' }]);
});
