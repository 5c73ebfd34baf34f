import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../src/model/decision.ts';
import { createPlanSummary } from '../../../src/report/plan/summary.ts';
import { ambiguous, classification, decided, notApplicable, row, summaryOf, unmappable } from '../made-images.ts';

describe('bounds', () => {
  it('keeps 2,000 of 10,000 spellings apart and counts the rest honestly', () => {
    const shared = unmappable();
    const summary = summaryOf(
      Array.from({ length: 10_000 }, (_, index) => [row({ diskFormat: `word-${index}` }), shared, 2]),
    );
    expect(summary.tuples).toHaveLength(2_000);
    expect(summary.otherTuples.count).toBe(16_000);
    expect(summary.otherTuples.byStatus.unmappable).toBe(16_000);
    expect(summary.undecided).toHaveLength(2_000);
    expect(summary.otherUndecided).toBe(16_000);
    expect(summary.total).toBe(20_000);
  });

  it('a decision object of its own for every image neither grows the summary nor changes it', () => {
    const images = Array.from({ length: 25_000 }, (_, index) => row({ id: `i${index}` }));
    const shared = ambiguous({ findings: ['FS_NO_KERNEL'] });
    const alone = summaryOf(
      images.map((image, index) => [
        image,
        ambiguous({ findings: ['FS_NO_KERNEL'], evidence: [{ kind: 'reference', detail: `by ${index}` }] }),
      ]),
    );
    expect(alone).toEqual(summaryOf(images.map((image) => [image, shared])));
    expect(alone.undecided[0]?.samples.map((sample) => sample.id)).toEqual(['i0', 'i1', 'i2', 'i3', 'i4']);
  });

  it('holds on to 10,000 decisions at most, however many there were', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const collector = createPlanSummary();
    const made = Array.from({ length: 30_000 }, () => {
      const decision = decided();
      collector.add(row({}), decision);
      return new WeakRef(decision);
    });
    // A weak reference is strong until the job that made it ends.
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    expect(made.filter((reference) => reference.deref() !== undefined).length).toBeLessThanOrEqual(10_000);
    expect(collector.result().total).toBe(30_000);
  });

  it('an endless name or word is cut', () => {
    const long = 'x'.repeat(1_000_000);
    const summary = summaryOf([[row({ name: long, diskFormat: long }), unmappable()]]);
    expect(summary.undecided[0]?.samples[0]?.name).toHaveLength(256);
    expect(summary.tuples[0]?.diskFormat).toHaveLength(256);
  });

  it('result may be asked for in between and again', () => {
    const collector = createPlanSummary();
    collector.add(row({}), decided());
    expect(collector.result().total).toBe(1);
    collector.add(row({}), decided());
    expect(collector.result()).toEqual(collector.result());
    expect(collector.result().total).toBe(2);
  });
});

describe('counting', () => {
  it('an empty plan is all zeros', () => {
    expect(summaryOf([])).toEqual({
      total: 0,
      byStatus: { exact: 0, inferred: 0, ambiguous: 0, unmappable: 0, 'not-applicable': 0 },
      notApplicable: [],
      tuples: [],
      otherTuples: {
        count: 0,
        byStatus: { exact: 0, inferred: 0, ambiguous: 0, unmappable: 0, 'not-applicable': 0 },
      },
      undecided: [],
      otherUndecided: 0,
      findings: [],
      content: null,
      services: [],
      cutover: { decided: 0, different: 0, breaks: 0, improves: 0, matrix: [] },
      oneField: { words: [], lost: [], envelopes: [] },
    });
  });

  it('every image is counted once under its status', () => {
    const summary = summaryOf([
      [row({}), decided({ status: 'exact' }), 2],
      [row({}), decided(), 3],
      [row({}), ambiguous(), 4],
      [row({}), unmappable(), 5],
      [row({}), notApplicable(), 6],
    ]);
    expect(summary.total).toBe(20);
    expect(summary.byStatus).toEqual({ exact: 2, inferred: 3, ambiguous: 4, unmappable: 5, 'not-applicable': 6 });
  });

  it('NULL, the empty string and the word null are three tuples, exactly as spelled', () => {
    const shared = unmappable();
    const summary = summaryOf([
      [row({ diskFormat: null }), shared, 3],
      [row({ diskFormat: '' }), shared, 2],
      [row({ diskFormat: 'null' }), shared],
    ]);
    expect(summary.tuples.map((tuple) => [tuple.diskFormat, tuple.count])).toEqual([
      [null, 3],
      ['', 2],
      ['null', 1],
    ]);
  });

  it('outcomes of one tuple are told apart by status, rule and answer, and equal ones merge across decision objects', () => {
    const summary = summaryOf([
      [row({}), decided({ rule: 'A', reason: 'first' }), 1],
      [row({}), decided({ rule: 'A', evidence: [{ kind: 'property', detail: 'x' }] }), 2],
      [row({}), decided({ rule: 'A', status: 'exact' }), 4],
      [row({}), decided({ rule: 'B' }), 8],
      [
        row({}),
        decided({ rule: 'A', classification: { envelope: null, containerType: 'raw', imageType: 'disk' } }),
        16,
      ],
      [row({}), decided({ rule: 'A', classification: classification('disk', 'raw') }), 32],
    ]);
    expect(summary.tuples).toHaveLength(1);
    expect(summary.tuples[0]?.outcomes.map(({ count, status, rule, reason }) => [count, status, rule, reason])).toEqual(
      [
        [48, 'inferred', 'A', 'the reason'],
        [8, 'inferred', 'B', 'the reason'],
        [4, 'exact', 'A', 'the reason'],
        [3, 'inferred', 'A', 'first'],
      ],
    );
  });

  it('images that come in no order are shown in that of their places, and equal outcomes in that of their first image', () => {
    const collector = createPlanSummary();
    const [one, other] = [decided({ rule: 'A', status: 'exact' }), decided({ rule: 'A' })];
    const open = unmappable();
    for (const [place, decision] of [
      ['c', one],
      ['b', other],
      ['a', one],
      ['d', other],
    ] as const)
      collector.add(row({}), decision, place);
    for (const place of ['p', 'u', 'q', 'z', 'm', 'n', 'o'])
      collector.add(row({ id: place, diskFormat: 'x' }), open, place);
    const summary = collector.result();
    const outcomes = summary.tuples.find(({ diskFormat }) => diskFormat === 'qcow2')?.outcomes;
    expect(outcomes?.map(({ status, count }) => [status, count])).toEqual([
      ['exact', 2],
      ['inferred', 2],
    ]);
    expect(summary.undecided[0]?.samples.map(({ id }) => id)).toEqual(['m', 'n', 'o', 'p', 'q']);
    const later = createPlanSummary();
    for (const [place, decision] of [
      ['b', one],
      ['a', other],
    ] as const)
      later.add(row({}), decision, place);
    expect(later.result().tuples[0]?.outcomes.map(({ status }) => status)).toEqual(['inferred', 'exact']);
  });

  it('a counter counts images of which nothing is shown, and no others', () => {
    const collector = createPlanSummary();
    const open = unmappable();
    const cell = collector.add(row({ id: '0' }), open);
    for (const id of ['1', '2', '3'])
      expect([cell.countAt(null), collector.add(row({ id }), open)]).toEqual([false, cell]);
    expect([cell.countAt(null), collector.add(row({ id: '4' }), open)]).toEqual([false, cell]);
    // Five are shown.
    expect([cell.countAt(null), cell.countAt(null)]).toEqual([true, true]);
    const plain = collector.add(row({}), decided());
    expect(plain.countAt(null)).toBe(true);
    const { total, byStatus, undecided } = collector.result();
    expect([total, byStatus.unmappable, byStatus.inferred]).toEqual([9, 7, 2]);
    expect(undecided[0]?.samples.map(({ id }) => id)).toEqual(['0', '1', '2', '3', '4']);
    // What was added up is closed.
    expect([cell.countAt(null), plain.countAt(null)]).toEqual([false, false]);
  });

  it('by places, a counter leaves out whatever comes before what is shown', () => {
    const collector = createPlanSummary();
    const cell = ['c', 'd', 'e', 'f', 'g'].map((id) => collector.add(row({ id }), unmappable(), id))[0];
    const same = createPlanSummary();
    const shared = unmappable();
    const full = ['c', 'd', 'e', 'f', 'g'].map((id) => same.add(row({ id }), shared, id))[0];
    expect([cell?.countAt('h'), full?.countAt('h'), full?.countAt('fa'), full?.countAt('b')]).toEqual([
      false,
      true,
      false,
      false,
    ]);
    expect(same.add(row({ id: 'fa' }), shared, 'fa')).toBe(full);
    expect(same.result().undecided[0]?.samples.map(({ id }) => id)).toEqual(['c', 'd', 'e', 'f', 'fa']);
    const decidedOnes = createPlanSummary();
    const plain = decidedOnes.add(row({}), decided(), 'm');
    expect([plain.countAt('n'), plain.countAt('l')]).toEqual([true, false]);
  });

  it('images without a payload are counted by rule with the reason', () => {
    const summary = summaryOf([
      [row({ status: 'queued' }), notApplicable({ rule: 'QUEUED', reason: 'queued' }), 1],
      [row({ status: 'killed' }), notApplicable({ rule: 'KILLED', reason: 'killed' }), 2],
    ]);
    expect(summary.notApplicable).toEqual([
      { rule: 'KILLED', reason: 'killed', count: 2 },
      { rule: 'QUEUED', reason: 'queued', count: 1 },
    ]);
  });
});

describe('undecided groups', () => {
  it('spellings of one folded tuple are one question, with the first five images in reading order', () => {
    const shared = ambiguous();
    const other = ambiguous({ evidence: [{ kind: 'name', detail: 'y' }] });
    const spellings = ['raw', 'RAW', ' Raw '];
    const summary = summaryOf(
      Array.from({ length: 9 }, (_, index) => [
        row({ id: `id-${index}`, name: `n${index}`, diskFormat: spellings[index % 3] ?? null, containerFormat: '' }),
        index % 2 === 0 ? shared : other,
      ]),
    );
    expect(summary.undecided).toEqual([
      {
        id: 'raw-null-5bbfa9c9',
        status: 'ambiguous',
        diskFormat: 'raw',
        containerFormat: null,
        rule: 'RULE',
        reason: 'the reason',
        candidates: [classification('disk', 'raw'), classification('filesystem', 'raw')],
        imageType: null,
        envelope: null,
        count: 9,
        contentUnasked: 9,
        evidence: [{ kind: 'name', detail: 'y', count: 4 }],
        samples: [0, 1, 2, 3, 4].map((index) => ({ id: `id-${index}`, name: `n${index}` })),
      },
    ]);
  });

  it('an unmappable group keeps the type that is known', () => {
    const summary = summaryOf([[row({ diskFormat: 'root-tar' }), unmappable({ imageType: 'other', envelope: 'tgz' })]]);
    expect(summary.undecided[0]).toMatchObject({
      status: 'unmappable',
      imageType: 'other',
      envelope: 'tgz',
      candidates: [],
    });
  });
});

it('findings come errors first and name five images', () => {
  const summary = summaryOf([
    ...Array.from({ length: 7 }, (_, index): [ReturnType<typeof row>, Decision] => [
      row({ id: `i${index}` }),
      decided({ findings: ['OVF_UNVERIFIED'] }),
    ]),
    [row({ id: 'k' }), decided({ findings: ['FS_NO_KERNEL', 'KERNEL_MISSING'] })],
  ]);
  expect(summary.findings.map(({ code, severity, count, sampleIds }) => [code, severity, count, sampleIds])).toEqual([
    ['KERNEL_MISSING', 'error', 1, ['k']],
    ['FS_NO_KERNEL', 'warning', 1, ['k']],
    ['OVF_UNVERIFIED', 'info', 7, ['i0', 'i1', 'i2', 'i3', 'i4']],
  ]);
  expect(summary.findings[2]?.title).toBe('ovf is declared, but Glance never checked it');
});
