import { describe, expect, it } from 'vitest';

import { CANDIDATES, compared, open, type Pair, record, settled } from './records.ts';

describe('tallying changes', () => {
  it('counts per tuple from outcome to outcome with the cause, biggest first', () => {
    const summary = compared([
      [open({ image_id: '1' }), { ...settled, image_id: '1' }],
      [open({ image_id: '2', candidates: CANDIDATES.toReversed() }), { ...settled, image_id: '2' }],
      [record({ image_id: '3' }), record({ image_id: '3', status: 'exact' })],
      [record({ image_id: '4' }), record({ image_id: '4', name: 'x' })],
      [record({ image_id: '5' }), record({ image_id: '5' })],
      [record({ image_id: '6' }), null],
      [null, open({ image_id: '7' })],
    ]);
    expect(summary).toMatchObject({ same: 1, changed: 6, otherTransitions: 0 });
    expect(summary.kinds.map(({ kind, count }) => [kind, count])).toEqual([
      ['decision', 3],
      ['added', 1],
      ['gone', 1],
      ['name', 1],
      ['rule', 2],
      ['today', 2],
    ]);
    expect(
      summary.transitions.map(({ before, after, causes, count }) => [before?.status, after?.status, causes, count]),
    ).toEqual([
      ['ambiguous', 'inferred', ['rules'], 2],
      ['inferred', 'exact', ['rules'], 1],
      ['inferred', undefined, ['gone'], 1],
      [undefined, 'ambiguous', ['added'], 1],
    ]);
    expect(summary.transitions[0]?.samples.map(({ id }) => id)).toEqual(['1', '2']);
  });

  it('says what findings came and went', () => {
    const { findings } = compared([
      [record(), record({ findings: ['A', 'B'] })],
      [record({ findings: ['B'] }), record({ findings: ['A'] })],
    ]);
    expect(findings).toEqual([
      { code: 'A', came: 2, went: 0 },
      { code: 'B', came: 1, went: 1 },
    ]);
  });

  it('compares headers where both have a key; when a plan was made says nothing', () => {
    const { headers } = compared(
      [],
      [
        { created_at: '1', rules_digest: 'a'.repeat(64), target: null, probe: 'off' },
        { created_at: '2', rules_digest: 'b'.repeat(64), target: null },
      ],
    );
    expect(headers).toEqual([{ key: 'rules_digest', before: 'a'.repeat(64), after: 'b'.repeat(64) }]);
  });

  it('keeps a bounded number of transitions and counts the rest', () => {
    const many = Array.from({ length: 2_500 }, (_, n): Pair => [
      null,
      record({ image_id: `i${n}`, disk_format: `${n} ${'x'.repeat(9_000)}` }),
    ]);
    const summary = compared(many);
    expect([summary.transitions.length, summary.otherTransitions]).toEqual([2_000, 500]);
    expect(JSON.stringify(summary).length).toBeLessThan(2_000_000);
  });
});
