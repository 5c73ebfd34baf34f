import { expect, it } from 'vitest';
import { sighting } from '../../../../src/probe/contents/sighting/sighting.ts';

it('a sighting has its offset and detail as the first evidence, and further evidence behind it', () => {
  const more = { offset: 9, detail: 'more' };
  expect(sighting('name', 'disk', 'likely', 5, { detail: 'text', more: [more] }).evidence).toEqual([
    { offset: 5, detail: 'name: text' },
    more,
  ]);
  expect(sighting('name', 'disk', 'likely', 5).evidence).toEqual([{ offset: 5, detail: 'name' }]);
});

it('a sighting claims nothing unless it is told to', () => {
  expect(sighting('name', 'kernel', 'weak', 0)).toMatchObject({
    name: 'name',
    meaning: 'kernel',
    confidence: 'weak',
    alsoReadAs: [],
    safety: [],
    claims: null,
    partitions: [],
  });
  expect(sighting('name', 'kernel', 'weak', 0, { claims: 7n, safety: ['TRUNCATED'] })).toMatchObject({
    claims: 7n,
    safety: ['TRUNCATED'],
  });
});
