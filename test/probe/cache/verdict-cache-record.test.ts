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
    ['no inspection', changed({ inspection: undefined })],
    ['an inspection of no file', changed({ inspection: { guest: { kind: 'none' } } })],
    ['an inspection without a guest', changed({ inspection: { file: {} } })],
    ['a fact that is not known', withFacts({ 'qcow3-version': null })],
    ['a fact of the language', withFacts({ constructor: true })],
    ['a word that the fact has not', withFacts({ signature: 'qcow' })],
    ['a flag that is a word', withFacts({ 'boot-signature': 'true' })],
    ['a number that is a word', withFacts({ size: '512' })],
    ['a number below 0', withFacts({ size: -1 })],
    ['half a number', withFacts({ size: 0.5 })],
    ['another kind of guest', withGuest({ kind: 'seen' })],
    ['a guest without facts', withGuest({ kind: 'read' })],
    ['a guest with a word that the fact has not', withGuest({ kind: 'read', facts: { text: 'latin' } })],
    ['a guest without a reason', withGuest({ kind: 'unread' })],
    ['a guest with a control character', withGuest({ kind: 'unread', why: '\u001b[2J' })],
  ])('with %s is none', (_what, record) => {
    expect(readVerdictRecord(verdictRecord(DISK))).toEqual(free(DISK));
    expect(readVerdictRecord(record)).toBeNull();
  });

  it('has the facts of file and guest, those that were not seen as null', () => {
    const facts = { size: 65_536, signature: 'qcow2', 'boot-signature': false, 'iso-signature': null } as const;
    for (const guest of [
      { kind: 'none' },
      { kind: 'unread', why: 'encrypted' },
      { kind: 'read', facts: { size: 512, text: 'ascii' } },
    ] as const) {
      const verdict = { ...DISK, inspection: { file: facts, guest } };
      expect(readVerdictRecord(verdictRecord(verdict))).toEqual(free(verdict));
    }
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

function withFacts(file: Readonly<Record<string, unknown>>): string {
  return changed({ inspection: { file, guest: { kind: 'none' } } });
}

function withGuest(guest: Readonly<Record<string, unknown>>): string {
  return changed({ inspection: { file: {}, guest } });
}
