import { describe, expect, it } from 'vitest';

import { atWorkText, describeVerify, verifyRecord } from '../../src/commands/verify-text.ts';
import { type DifferenceKind, KINDS } from '../../src/run/verify/differences.ts';
import type { VerifyResult } from '../../src/run/verify/verify.ts';

const NONE = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<DifferenceKind, number>;
const RESULT: VerifyResult = {
  end: 'finished',
  rows: 3,
  counts: { exact: 1, inferred: 1, ambiguous: 1, unmappable: 0, 'not-applicable': 0 },
  differences: NONE,
  sample: [],
  refreshable: 0,
  orphans: 0,
  atWork: null,
};
const KIND: DifferenceKind = 'legacy-changed';
const one = { ...RESULT, differences: { ...NONE, [KIND]: 1 } };

describe('what verify prints', () => {
  it('without a difference has no table', () => {
    expect(describeVerify(RESULT, '')).toMatch(/^Verify +no difference/);
    expect(describeVerify(RESULT, '')).not.toContain('Next');
  });

  it('counts differences and says what to do', () => {
    expect(describeVerify(one, '')).toMatch(/^Verify +1 difference\n/);
    expect(describeVerify({ ...one, differences: { ...NONE, [KIND]: 2 } }, '')).toMatch(/^Verify +2 differences\n/);
    expect(describeVerify(one, '')).toContain('\nNext\n');
  });

  it('lists at most ten differences of a kind', () => {
    const sample = Array.from({ length: 12 }, (_, i) => ({
      kind: KIND,
      subject: `i${i}`,
      imageId: `i${i}`,
      stored: 's',
      now: 'n',
    }));
    const text = describeVerify({ ...one, sample }, '');
    expect([text.includes('i9'), text.includes('i10')]).toEqual([true, false]);
  });
});

it('the record explains only the kinds that were found', () => {
  expect(verifyRecord(RESULT)).toMatchObject({ rows: 3, kinds: {}, records_reckoned: true });
  expect(Object.keys((verifyRecord(one) as { kinds: object }).kinds)).toEqual([KIND]);
});

it('another process at work is named as far as it is known', () => {
  expect(atWorkText('unknown')).toMatch(/^another process is at work/);
  const known = { purpose: 'migrate', host: 'h', process: '7' } as Exclude<Parameters<typeof atWorkText>[0], 'unknown'>;
  expect(atWorkText(known)).toMatch(/^migrate on h, process 7, is at work/);
});
