import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type PropertyLife, PropertyShelf } from '../../src/glance/property-shelf.ts';

/** Values mean their first letter; those in capitals mean nothing. */
const meaning = (name: string, value: string | null): string =>
  value === null || /^[A-Z]/.test(value) ? '' : `${name}${value.slice(0, 1)}`;

const image = fc.constantFrom('a', 'b', 'c', '11111111-2222-4333-8444-555555555555');
const life = fc.constantFrom<PropertyLife>('live', 'lost');
const name = fc.constantFrom('os_type', 'img_type', 'kernel_id');
const value = fc.constantFrom('linux', 'lost', 'windows', 'Nothing', null);
const property = fc.record({ image, life, name, value });
/** An image has a name once, in one of its lives. */
const properties = fc.uniqueArray(property, { selector: (one) => `${one.image} ${one.name}`, maxLength: 12 });

type Property = typeof property extends fc.Arbitrary<infer P> ? P : never;

function shelfOf(all: readonly Property[]): PropertyShelf {
  const shelf = new PropertyShelf(meaning);
  for (const one of all) shelf.add(one.image, one.life, one.name, one.value);
  return shelf;
}

/** What an image's properties mean, in any order. */
function meant(all: readonly Property[], of: string): string {
  return all
    .filter((one) => one.image === of && meaning(one.name, one.value) !== '')
    .map((one) => `${one.life} ${meaning(one.name, one.value)}`)
    .toSorted()
    .join();
}

function heldMeaning(shelf: PropertyShelf, of: string): string {
  const held = shelf.of(of);
  if (held === null || held === 'apart') return '';
  return (['live', 'lost'] as const)
    .flatMap((one) => [...(held[one] ?? [])].map(([own, text]) => `${one} ${meaning(own, text)}`))
    .toSorted()
    .join();
}

describe('PropertyShelf', () => {
  it('gives back what every property meant, in the life it was in, and nothing that meant nothing', () => {
    fc.assert(
      fc.property(properties, (all) => {
        const shelf = shelfOf(all);
        for (const of of ['a', 'b', 'c', '11111111-2222-4333-8444-555555555555']) {
          expect(heldMeaning(shelf, of)).toBe(meant(all, of));
        }
        expect(shelf.of('nobody')).toBeNull();
      }),
      { numRuns: 1_000 },
    );
  });

  it('shares one set between images that have the same', () => {
    const shelf = new PropertyShelf(meaning);
    for (const of of ['a', 'b']) {
      shelf.add(of, 'live', 'os_type', 'linux');
      shelf.add(of, 'live', 'img_type', 'partition');
    }
    expect(shelf.of('a')).toBe(shelf.of('b'));
  });

  it('keeps an image apart for good once it was left out', () => {
    const shelf = new PropertyShelf(meaning);
    shelf.add('a', 'live', 'os_type', 'linux');
    shelf.leaveOut('a');
    shelf.add('a', 'live', 'img_type', 'partition');
    expect(shelf.of('a')).toBe('apart');
  });

  it('names exactly the images whose properties mean something else on another shelf', () => {
    fc.assert(
      fc.property(properties, properties, (before, after) => {
        const [old, now] = [shelfOf(before), shelfOf(after)];
        const named = new Set([...old.differing(now), ...now.differing(old)]);
        for (const of of ['a', 'b', 'c', '11111111-2222-4333-8444-555555555555']) {
          expect([of, named.has(of)]).toEqual([of, meant(before, of) !== meant(after, of)]);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('holds a bounded number of sets: images with others are left out, not lost', () => {
    const shelf = new PropertyShelf((own, text) => `${own}${text}`);
    for (let index = 0; index < 25_000; index += 1) shelf.add(`image ${index}`, 'live', 'name', `value ${index}`);
    expect(shelf.of('image 10')).toMatchObject({ live: new Map([['name', 'value 10']]) });
    expect(shelf.of('image 24999')).toBe('apart');
  });

  it('says when too many ids would have to be held as texts', () => {
    const shelf = new PropertyShelf(meaning);
    for (let index = 0; index <= 100_000; index += 1) shelf.leaveOut(`image ${index}`);
    expect(shelf.state).toBe('full');
  });
});
