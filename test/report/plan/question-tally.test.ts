import { array, assert, constantFrom, oneof, property, record, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Classification, Decision } from '../../../src/model/decision.ts';
import { questionId } from '../../../src/model/question-id.ts';
import { commonEvidence } from '../../../src/report/plan/question-tally.ts';
import { createPlanSummary } from '../../../src/report/plan/summary.ts';
import { ambiguous, classification, decided, notApplicable, READ, row, summaryOf, unmappable } from '../made-images.ts';

const DISK = classification('disk', 'raw');
const FILESYSTEM = classification('filesystem', 'raw');
const KERNEL = classification('kernel', 'raw');

function idOf(diskFormat: string | null, containerFormat: string | null, decision: Decision): string | null {
  return questionId({ diskFormat, containerFormat }, decision);
}

describe('joining', () => {
  it('the likeliest candidate parts two questions, the order of the others does not', () => {
    const summary = summaryOf([
      [row({}), ambiguous({ candidates: [DISK, FILESYSTEM, KERNEL] }), 2],
      [row({}), ambiguous({ candidates: [DISK, KERNEL, FILESYSTEM] }), 3],
      [row({}), ambiguous({ candidates: [KERNEL, DISK, FILESYSTEM] })],
    ]);
    expect(summary.undecided.map(({ count, candidates }) => [count, candidates])).toEqual([
      // The order that most of its images have.
      [5, [DISK, KERNEL, FILESYSTEM]],
      [1, [KERNEL, DISK, FILESYSTEM]],
    ]);
  });

  it('evidence is counted over the images, most frequent first, and what one of many shows is left out', () => {
    const seen = (...details: readonly string[]) =>
      ambiguous({ evidence: details.map((detail) => ({ kind: 'property', detail })) });
    const summary = summaryOf([
      [row({}), seen('os_type is set', 'kernel_id=a (live)'), 3],
      [row({}), seen('kernel_id=b (live)'), 4],
      [row({}), seen('only here')],
    ]);
    expect(summary.undecided[0]?.evidence).toEqual([
      { kind: 'property', detail: 'kernel_id is live', count: 7 },
      { kind: 'property', detail: 'os_type is set', count: 3 },
    ]);
    expect(summaryOf([[row({}), seen('only here')]]).undecided[0]?.evidence).toHaveLength(1);
  });

  it('images whose content nobody asked for are counted', () => {
    const summary = summaryOf([
      [row({}), ambiguous(), 2],
      [row({}), ambiguous({ content: READ }), 3],
      [row({}), ambiguous({ content: { kind: 'unread' } })],
    ]);
    expect(summary.undecided[0]).toMatchObject({ count: 6, contentUnasked: 2 });
  });
});

describe('the questions of any images', () => {
  const candidates = constantFrom<readonly [Classification, Classification, Classification]>(
    [DISK, FILESYSTEM, KERNEL],
    [DISK, KERNEL, FILESYSTEM],
    [KERNEL, DISK, FILESYSTEM],
  );
  const decisions = oneof(
    record({ candidates, rule: constantFrom('A', 'B') }).map(ambiguous),
    constantFrom(unmappable(), unmappable({ imageType: 'other' }), decided(), notApplicable()),
  );
  const images = array(
    tuple(constantFrom('raw', 'RAW', ' raw', '', null, 'img'), decisions).map(
      ([diskFormat, decision]) => [diskFormat, decision] as const,
    ),
    { maxLength: 40 },
  );

  it('count every undecided image once, under the id that its record names', () => {
    assert(
      property(images, (list) => {
        const { undecided, byStatus } = summaryOf(
          list.map(([diskFormat, decision]) => [row({ diskFormat }), decision]),
        );
        const counts = new Map<string, number>();
        for (const [diskFormat, decision] of list) {
          const id = idOf(diskFormat, 'bare', decision);
          if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1);
        }
        expect(new Map(undecided.map(({ id, count }) => [id, count]))).toEqual(counts);
        expect(undecided.reduce((sum, { count }) => sum + count, 0)).toBe(byStatus.ambiguous + byStatus.unmappable);
      }),
    );
  });

  it('are the same in any order of the rows, but for the samples and the reason of the first', () => {
    const facts = (list: readonly (readonly [string | null, Decision])[]) =>
      summaryOf(list.map(([diskFormat, decision]) => [row({ diskFormat }), decision])).undecided.map((question) => ({
        ...question,
        samples: [],
      }));
    assert(
      property(images, (list) => {
        expect(facts(list.toReversed())).toEqual(facts(list));
      }),
    );
  });
});

it('neither evidence nor orders of candidates nor questions grow with the images', () => {
  const collector = createPlanSummary();
  const image = row({});
  for (let index = 0; index < 30_000; index += 1) {
    collector.add(image, ambiguous({ evidence: [{ kind: 'property', detail: `sight ${index % 20_000}` }] }));
  }
  const { undecided } = collector.result();
  expect(undecided).toHaveLength(1);
  expect(undecided[0]?.count).toBe(30_000);
  expect(undecided[0]?.evidence.length).toBeLessThanOrEqual(8);
  expect(undecided[0]?.samples).toHaveLength(5);
});

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
