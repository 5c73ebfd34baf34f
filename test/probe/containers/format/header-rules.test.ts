import { expect, it, describe } from 'vitest';
import {
  keepsRules,
  pastEnd,
  rule,
  type HeaderRule,
  inspectName,
  isRemoteName,
} from '../../../../src/probe/containers/format/header-rules.ts';
import { Observations } from '../../../../src/probe/containers/format/opening.ts';
import { readOver } from '../../reading-over.ts';

const RULES: readonly HeaderRule<{ readonly entries: number }>[] = [
  rule.malformed(4, 'no entries', ({ entries }) => entries === 0),
  rule.oversized(4, 'more entries than bytes', ({ entries }, size) => size !== null && entries > size),
];

it('is silent about a header that keeps its rules', () => {
  const notes = new Observations();

  expect(keepsRules({ entries: 5 }, 5, RULES, notes)).toBe(true);
  expect([notes.safety(), notes.evidence()]).toEqual([[], []]);
});

it('notes every rule that is broken, with its code and its field', () => {
  const notes = new Observations();

  expect(keepsRules({ entries: 6 }, 5, RULES, notes)).toBe(false);
  expect(keepsRules({ entries: 0 }, 5, RULES, notes)).toBe(false);
  expect(notes.safety()).toEqual(['MALFORMED_HEADER', 'OVERSIZED_TABLE']);
  expect(notes.evidence()).toEqual([
    { offset: 4, detail: 'more entries than bytes' },
    { offset: 4, detail: 'no entries' },
  ]);
});

it('ends a file after its last byte; a file of unknown size nowhere', () => {
  expect(pastEnd(10n, 5n, 15)).toBe(false);
  expect(pastEnd(10n, 6n, 15)).toBe(true);
  expect(pastEnd(2n ** 63n, 2n ** 63n, null)).toBe(false);
});

describe('a name', () => {
  it.each(['nbd:unix', 'json:{}', 'http://host/x', ':'])('%s is an address', (name) => {
    expect(isRemoteName(Buffer.from(name))).toBe(true);
  });

  it.each(['base.img', '/var/a:b', './a:b', '', 'a\0b:c'])('%j is a path', (name) => {
    expect(isRemoteName(Buffer.from(name))).toBe(false);
  });
});

describe('a name in a file', () => {
  const file = Buffer.from('....nbd:x');

  it('is noted at its place and not kept', () => {
    const notes = new Observations();
    readOver(file, inspectName(4n, 5, notes));
    expect(notes.evidence()).toEqual([{ offset: 4, detail: 'a file name that is an address or a json: description' }]);
    expect(notes.safety()).toEqual(['REMOTE_NAME']);
  });

  it('is not read beyond 2 MiB, nor longer than QEMU reads it', () => {
    const notes = new Observations();
    expect(readOver(file, inspectName(2n ** 21n + 1n, 5, notes)).asked).toEqual([]);
    expect(readOver(file, inspectName(0n, 5000, notes)).asked).toEqual([[0, 1023]]);
    expect(notes.safety()).toEqual(['REMOTE_NAME']);
  });
});
