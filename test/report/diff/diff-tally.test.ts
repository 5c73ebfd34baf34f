import { describe, expect, it } from 'vitest';

import { compareRecords } from '../../../src/report/diff/compare.ts';
import { countsAsDifferent, type DiffSide, type DiffSummary } from '../../../src/report/diff/diff-summary.ts';
import { DiffTally } from '../../../src/report/diff/diff-tally.ts';
import type { PlanRecord } from '../../../src/report/diff/plan-record.ts';
import { changeLine, diffRecord } from '../../../src/report/diff/diff-record.ts';
import { renderDiff } from '../../../src/report/terminal/diff.ts';
import { textWidth } from '../../../src/report/words/text-width.ts';
import { NASTY } from '../made-images.ts';
import { CANDIDATES, open, record } from './records.ts';

type Pair = readonly [before: PlanRecord | null, after: PlanRecord | null];

function side(images: number, header: DiffSide['header'] = null): DiffSide {
  const byStatus = { exact: 0, inferred: images, ambiguous: 0, unmappable: 0, 'not-applicable': 0 };
  return { name: 'a.json', kind: 'file', images, byStatus, header };
}

function compared(pairs: readonly Pair[], headers: readonly [DiffSide['header'], DiffSide['header']] = [null, null]) {
  const tally = new DiffTally();
  for (const [before, after] of pairs) {
    const change = compareRecords(before, after);
    if (change !== null) tally.add(change);
  }
  const count = (index: 0 | 1): number => pairs.filter((pair) => pair[index] !== null).length;
  return tally.result(side(count(0), headers[0]), side(count(1), headers[1]));
}

const settled = record({ disk_format: 'raw', container_type: 'raw', rule: 'SITE' });

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

  it.each([
    ['decision', [record(), record({ envelope: 'ova' })], [true, true, false]],
    ['evidence', [record(), record({ findings: ['A'] })], [true, false, false]],
    ['added', [null, record()], [true, false, false]],
    ['nothing', [record(), record()], [false, false, false]],
  ] as const)('differs by what was asked for: %s', (_name, pair, expected) => {
    const summary = compared([pair]);
    expect((['any', 'decision', 'none'] as const).map((failOn) => countsAsDifferent(summary, failOn))).toEqual(
      expected,
    );
  });
});

describe('telling a comparison', () => {
  const hostile = compared(
    NASTY.map((text, n): Pair => [
      open({ image_id: `${n}${text}`, name: text }),
      record({
        image_id: `${n}${text}`,
        name: text,
        disk_format: text,
        image_type: text,
        rule: text,
        findings: [text, '\u001b]0;x\u0007'],
        evidence: [{ kind: text, detail: text }],
      }),
    ]),
    [
      { rules_digest: '\u001b[2J', database: '\u202ex' },
      { rules_digest: 'y', database: 'z' },
    ],
  );

  it.each([40, 80, 100, 120])('keeps to %i columns and lets nothing through to the terminal', (width) => {
    for (const colour of ['plain', 'ansi'] as const) {
      const text = renderDiff(hostile, { width, colour });
      // oxlint-disable-next-line no-control-regex -- escape sequences are the subject
      const bare = text.replaceAll(/\u001b\[[\d;]*m/g, '');
      // oxlint-disable-next-line no-control-regex -- as above
      expect(bare).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202e\ufeff]/);
      if (colour === 'plain') expect(text).toBe(bare);
      if (width >= 80) for (const line of bare.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width);
    }
  });

  it('fits a screen however many transitions there are', () => {
    expect(renderDiff(hostile, { width: 100, colour: 'plain' }).split('\n').length).toBeLessThanOrEqual(50);
    expect(renderDiff(hostile, { width: 100, colour: 'plain' })).toMatch(/and \d+ more \(\d+ images\)/);
  });

  it('begins with the verdict', () => {
    const first = (summary: DiffSummary): string =>
      renderDiff(summary, { width: 80, colour: 'plain' }).split('\n')[0] ?? '';
    expect(first(compared([[record(), record()]]))).toBe(
      'The same: every image is decided alike, for the same reasons.',
    );
    expect(first(compared([[null, record()]]))).toBe('No decision changed: 0 images decided otherwise, 1 added.');
    expect(first(compared([[open(), settled]]))).toBe('Different: 1 image decided otherwise.');
  });

  it('writes one line of JSON an image, and a document with the documented keys', () => {
    const change = compareRecords(open({ name: NASTY.join('') }), settled);
    if (change === null) throw new Error('a change was expected');
    const line = changeLine(change);
    expect(line.split(/[\n\r\u0085\u2028]/)).toHaveLength(2);
    expect(JSON.parse(line)).toEqual({
      image_id: 'i1',
      changes: ['decision', 'name', 'rule', 'today'],
      why: ['rules'],
      before: open({ name: NASTY.join('') }),
      after: settled,
    });
    expect(Object.keys(diffRecord(compared([[open(), settled]]), '1', 'different'))).toEqual([
      'glance_retype_diff',
      'verdict',
      'before',
      'after',
      'headers',
      'same',
      'changed',
      'kinds',
      'transitions',
      'other_transitions',
      'findings',
    ]);
  });
});
