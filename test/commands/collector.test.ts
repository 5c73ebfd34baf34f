import { describe, expect, it } from 'vitest';

import { answering } from '../../src/answers/answering.ts';
import { createCollector } from '../../src/commands/collector.ts';
import { byHand } from '../answers/support/answers-file.ts';
import { decide, evidence } from '../rules/evidence-builder.ts';

const IMAGES = [evidence('raw', 'bare', { image: { id: 'a' } }), evidence('qcow2', 'bare', { image: { id: 'b' } })];
const answers = byHand('  - { images: a, answer: kernel/raw }\n');
const rules = { base: decide, rulesDigest: 'd' };

describe('the collector', () => {
  it('without answers asks what it counts', () => {
    const collector = createCollector({ ...rules, answers: null }, 'db', null, 'all');
    for (const image of IMAGES) void collector.sink(image, decide(image));
    const { summary, asked, answers: review } = collector.collected();
    expect([summary.total, asked, review]).toEqual([2, summary, null]);
  });

  it('asks what the rules leave open, answered or not', () => {
    const answered = answering(decide, answers);
    const collector = createCollector({ ...rules, answers }, 'db', null, 'all');
    for (const image of IMAGES) void collector.sink(image, answered(image));
    const { summary, asked, answers: review } = collector.collected();
    expect([summary.byStatus.ambiguous, asked.byStatus.ambiguous]).toEqual([0, 1]);
    expect(review?.effects).toMatchObject([{ images: 1, settled: 1 }]);
  });

  it('passes every image to the outputs and waits for them', () => {
    const passed: string[] = [];
    const slow = Promise.resolve();
    const add = ({ image }: (typeof IMAGES)[number]): Promise<void> => {
      passed.push(image.id);
      return slow;
    };
    const collector = createCollector({ ...rules, answers: null }, 'db', { add }, 'all');
    expect(IMAGES.map((image) => collector.sink(image, decide(image)))).toEqual([slow, slow]);
    expect(passed).toEqual(['a', 'b']);
  });

  it('looks up the owners of 5,000 images, and counts the others without asking for each', () => {
    const collector = createCollector({ ...rules, answers: null }, 'db', null, 'decisive');
    const raw = evidence('raw', 'bare', { image: { id: 'a' } });
    const decision = decide(raw);
    let like = collector.add(raw, decision, 0);
    for (let index = 1; index < 5_000; index += 1) {
      expect(like.countAt(null)).toBe(false);
      like = collector.add(raw, decision, index);
    }
    expect(like.countAt(null)).toBe(true);
    expect(collector.collected().summary.total).toBe(5_001);
    // Five images are shown of what is decided but may be refused by a service.
    const qcow2 = evidence('qcow2', 'bare');
    for (let index = 1; index <= 5; index += 1) like = collector.add(qcow2, decide(qcow2), 5_000 + index);
    expect(like.countAt(null)).toBe(true);
  });
});
