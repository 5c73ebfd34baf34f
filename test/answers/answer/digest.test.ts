import { describe, expect, it } from 'vitest';

import { answersDigest, predicateKey } from '../../../src/answers/answer/digest.ts';
import { byHand } from '../support/answers-file.ts';

const digest = (items: string): string => answersDigest(byHand(items).answers);
const ONE = '  - { id: one, images: [a], answer: disk/raw }\n';
const TWO = '  - { id: two, images: [b], answer: kernel/raw }\n';
const SMALL = '  - { id: small, when: { size: "< 1 MiB" }, answer: kernel/raw }\n';
const OWNED = '  - { id: owned, when: { owner: o }, answer: disk/raw }\n';

describe('the digest of answers', () => {
  it('does not depend on layout, on the order of ids, or on the case of a UUID', () => {
    expect(digest(ONE + TWO)).toBe(digest(`# a comment\n${TWO}${ONE}`));
    const id = '4f0c5a52-9d3e-4a8b-b0d4-0a1f6d2c7e11';
    const named = (uuid: string): string => digest(`  - { id: x, images: [${uuid}], answer: leave }\n`);
    expect(named(id)).toBe(named(id.toUpperCase()));
  });

  it('depends on the order of predicates', () => {
    expect(digest(SMALL + OWNED)).not.toBe(digest(OWNED + SMALL));
  });

  it.each([
    ['another answer', ONE.replace('disk/raw', 'disk/qcow2')],
    ['another image', ONE.replace('[a]', '[b]')],
    ['another id', ONE.replace('one', 'other')],
    ['an author', ONE.replace('answer:', 'author: ada, answer:')],
    ['a reason', ONE.replace('answer:', 'reason: r, answer:')],
  ])('depends on %s', (_, changed) => {
    expect(digest(changed)).not.toBe(digest(ONE));
  });

  it('writes a size as a number of bytes, so that equal ranges are equal', () => {
    const [answer] = byHand(SMALL).answers;
    if (answer?.to.kind !== 'predicate') throw new Error('no predicate');
    expect(predicateKey(answer.to.when)).toBe('[null,null,null,null,[],[null,"1048576"],null]');
  });
});
