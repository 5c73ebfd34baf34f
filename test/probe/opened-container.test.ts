import { describe, expect, it } from 'vitest';
import type { OpenedContainer } from '../../src/probe/containers/format/opening.ts';
import { withWindow } from '../../src/probe/containers/format/guest-window.ts';
import { judgeOpened } from '../../src/probe/opened-container.ts';
import { Unreadable, type Reading } from '../../src/probe/reading/reading.ts';
import { readOver } from './reading-over.ts';

const SIGN = { offset: 0, detail: 'magic' };
const WINDOW = 69_632;

/** A guest of one megabyte that is all 0x11 and cannot be read from `end` on. */
function containerUpTo(end: number, reason: Unreadable['reason'] = 'truncated'): OpenedContainer {
  return {
    containerType: 'qcow2',
    virtualSize: 1_000_000,
    sectorSize: 512,
    evidence: [],
    safety: [],
    guest: {
      kind: 'mapped',
      tables: 'sound',
      // oxlint-disable-next-line require-yield -- the bytes are known
      *read(offset, length): Reading<Uint8Array> {
        if (offset + length > end) throw new Unreadable(reason, 'a lost block');
        return new Uint8Array(length).fill(0x11);
      },
    },
  };
}

const judged = (container: OpenedContainer) =>
  judgeOpened(readOver(new Uint8Array(0), withWindow(container)).value, SIGN);

describe('a closed container', () => {
  it('is proven, and says why nothing more is known', () => {
    const guest = { kind: 'closed', why: 'encrypted' } as const;
    expect(judged({ ...containerUpTo(0), guest, safety: ['ENCRYPTED_CONTENT'] })).toMatchObject({
      imageType: null,
      containerType: 'qcow2',
      containerBasis: 'proven',
      why: 'encrypted',
      evidence: [{ ...SIGN, space: 'here' }],
      safety: ['ENCRYPTED_CONTENT'],
    });
  });
});

describe('evidence', () => {
  it('begins with the sign, unless the container says something at its offset', () => {
    const own = { ...containerUpTo(WINDOW), evidence: [{ offset: 0, detail: 'header' }] };
    expect(judged(own).evidence.map(({ detail }) => detail)).toEqual(['header']);
    expect(judged(containerUpTo(WINDOW)).evidence.map(({ detail }) => detail)).toEqual(['magic']);
  });

  it('leaves room for that of the guest', () => {
    const evidence = Array.from({ length: 24 }, (_, offset) => ({ offset, detail: 'seen' }));
    expect(judged({ ...containerUpTo(WINDOW), evidence }).evidence).toHaveLength(7);
  });
});

describe('a guest with a lost block', () => {
  it('is read up to the block, in steps of 4 KiB', () => {
    expect(judged(containerUpTo(21_000))).toMatchObject({
      why: 'guest data lies outside the file',
      safety: ['DATA_OUT_OF_BOUNDS'],
      evidence: [SIGN, { offset: 20_480, detail: 'guest: cannot be read from here on: a lost block' }],
    });
  });

  it.each([
    ['malformed', 'guest data cannot be read'],
    ['unsupported', 'guest data needs a feature without a reader'],
    ['no-random-access', 'needs random access'],
    ['budget', 'the budget for reading is used up'],
  ] as const)('that is %s has no code and another reason', (reason, why) => {
    expect(judged(containerUpTo(0, reason))).toMatchObject({ why, safety: [] });
  });

  it('behind the window loses nothing', () => {
    expect(judged(containerUpTo(WINDOW))).toMatchObject({ why: 'not recognised', safety: [] });
  });
});
