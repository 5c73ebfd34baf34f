import { describe, expect, it } from 'vitest';

import type { Verdict } from '../../../src/model/verdict.ts';
import { readVerdictRecord, verdictRecord } from '../../../src/probe/cache/verdict-cache-record.ts';
import { NOTHING_SEEN } from '../../../src/model/inspection.ts';

const DISK: Verdict = {
  imageType: 'disk',
  containerType: 'qcow2',
  confidence: 'certain',
  alsoReadAs: ['filesystem'],
  containerBasis: 'proven',
  reach: 'whole',
  refutes: ['iso', 'vmdk'],
  inspection: NOTHING_SEEN,
  envelope: null,
  evidence: [{ offset: 0, detail: 'QFI version 3' }],
  safety: ['DIRTY'],
  cost: { requests: 3, bytes: 65_536 },
};

describe('a record read back', () => {
  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['null', 'null'],
    ['another type', changed({ imageType: 'virus' })],
    ['another container', changed({ containerType: 'iso' })],
    ['a type without a container', changed({ containerType: null })],
    ['no confidence', changed({ confidence: 'sure' })],
    ['a type that is undetermined', changed({ confidence: 'undetermined' })],
    ['a type beside all of no type', changed({ confidence: 'undetermined', standing: 'open', why: 'a' })],
    ['an unknown safety code', changed({ safety: ['DIRTY', 'NOPE'] })],
    ['safety that is no list', changed({ safety: 'DIRTY' })],
    ['another envelope', changed({ envelope: 'rar' })],
    ['evidence with a control character', changed({ evidence: [{ offset: 0, detail: 'a\u001b[2J' }] })],
    ['evidence without an offset', changed({ evidence: [{ detail: 'a' }] })],
    ['evidence with half an offset', changed({ evidence: [{ offset: 0.5, detail: 'a' }] })],
    ['too much evidence', changed({ evidence: Array.from({ length: 201 }, () => ({ offset: 0, detail: 'a' })) })],
    ['a very long detail', changed({ evidence: [{ offset: 0, detail: 'a'.repeat(1_001) }] })],
    ['another reading of no type', changed({ alsoReadAs: ['virus'] })],
    ['no basis', changed({ containerBasis: null })],
  ])('with %s is none', (_what, record) => {
    expect(readVerdictRecord(verdictRecord(DISK))).toEqual(free(DISK));
    expect(readVerdictRecord(record)).toBeNull();
  });

  it('drops what is no part of a verdict', () => {
    expect(readVerdictRecord(changed({ name: 'x', cost: { requests: 9, bytes: 9 } }))).toEqual(free(DISK));
  });
});

function free(verdict: Verdict): Verdict {
  return { ...verdict, cost: { requests: 0, bytes: 0 } };
}

function changed(part: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...(JSON.parse(verdictRecord(DISK)) as object), ...part });
}
