import { array, assert, constantFrom, oneof, property, record, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decision, Classification } from '../../src/model/decision.ts';
import { questionId } from '../../src/model/question-id.ts';
import { createPlanSummary } from '../../src/report/plan/summary.ts';
import {
  ambiguous,
  decided,
  notApplicable,
  NASTY,
  READ,
  row,
  summaryOf,
  classification,
  unmappable,
} from './made-images.ts';

const DISK = classification('disk', 'raw');
const FILESYSTEM = classification('filesystem', 'raw');
const KERNEL = classification('kernel', 'raw');

function idOf(diskFormat: string | null, containerFormat: string | null, decision: Decision): string | null {
  return questionId({ diskFormat, containerFormat }, decision);
}

describe('the id of a question', () => {
  // Decisions files name questions by these: a change of them makes every file that was answered worthless.
  it.each([
    ['raw', 'bare', ambiguous({ rule: 'RAW' }), 'raw-bare-34716cc2'],
    ['raw', null, ambiguous({ rule: 'RAW' }), 'raw-null-b28cee0c'],
    ['vpc', 'bare', unmappable({ rule: 'WORD' }), 'vpc-bare-481b8ee0'],
    [
      'root-tar',
      'bare',
      unmappable({ rule: 'ROOT-TAR', imageType: 'other', envelope: 'tgz' }),
      'root-tar-bare-259fca19',
    ],
    ['qcow2', 'ova', ambiguous({ candidates: [classification('disk', 'qcow2', 'ova'), DISK] }), 'qcow2-ova-2af38f69'],
    ['日本語', '<script>alert(1)</script>', unmappable(), 'odd-script-alert-1-s-460e0c72'],
  ] as const)('of %s/%s stays what it is: %#', (disk, container, decision, id) => {
    expect(idOf(disk, container, decision)).toBe(id);
  });

  it('is null where nothing is asked', () => {
    expect(idOf('raw', 'bare', decided())).toBeNull();
    expect(idOf('raw', 'bare', notApplicable())).toBeNull();
  });

  it('is made of letters, digits and dashes, whatever the words hold', () => {
    for (const text of NASTY) expect(idOf(text, text, unmappable({ rule: text }))).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it('depends on the folded tuple, status, rule, set of candidates and the likeliest of them, and on nothing else', () => {
    const id = (decision: Decision, disk = 'raw') => idOf(disk, 'bare', decision);
    const first = id(ambiguous({ candidates: [DISK, FILESYSTEM, KERNEL] }));
    expect(id(ambiguous({ candidates: [DISK, KERNEL, FILESYSTEM] }))).toBe(first);
    expect(
      id(
        ambiguous({
          candidates: [DISK, KERNEL, FILESYSTEM],
          reason: 'another',
          findings: ['FS_NO_KERNEL'],
          evidence: [{ kind: 'name', detail: 'x' }],
          novaToday: 'refuse',
          content: READ,
        }),
        ' RAW ',
      ),
    ).toBe(first);
    const others = [
      id(ambiguous({ candidates: [FILESYSTEM, DISK, KERNEL] })),
      id(ambiguous({ candidates: [DISK, FILESYSTEM] })),
      id(ambiguous({ candidates: [DISK, FILESYSTEM, KERNEL], rule: 'OTHER' })),
      id(ambiguous({ candidates: [DISK, FILESYSTEM, KERNEL] }), 'img'),
      id(unmappable()),
      id(unmappable({ imageType: 'other' })),
      id(unmappable({ envelope: 'tgz' })),
    ];
    expect(new Set([first, ...others]).size).toBe(others.length + 1);
  });

  it('is not remembered for another spelling that shares the decision', () => {
    const shared = ambiguous();
    expect(idOf('raw', 'bare', shared)).not.toBe(idOf('img', 'bare', shared));
    expect(idOf('raw', null, shared)).toBe(idOf('raw', ' ', shared));
  });
});

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
