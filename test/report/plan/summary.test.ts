import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createPlanSummary } from '../../../src/report/plan/summary.ts';
import { ambiguous, decided, row, summaryOf, unmappable } from '../made-images.ts';

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
