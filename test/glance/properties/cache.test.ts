import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { IdTable } from '../../../src/glance/references/id-table.ts';
import type { PropertyLife } from '../../../src/glance/properties/properties.ts';
import { PropertyShelf } from '../../../src/glance/properties/cache.ts';

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

interface Shelved {
  readonly ids: IdTable;
  readonly shelf: PropertyShelf;
}

function newShelf(means = meaning): Shelved {
  const ids = new IdTable('exact');
  return { ids, shelf: new PropertyShelf(ids, means) };
}

function shelfOf(all: readonly Property[]): Shelved {
  const { ids, shelf } = newShelf();
  for (const one of all) shelf.add(ids.add(one.image), one.life, one.name, one.value);
  return { ids, shelf };
}

/** What an image's properties mean, in any order. */
function meant(all: readonly Property[], of: string): string {
  return all
    .filter((one) => one.image === of && meaning(one.name, one.value) !== '')
    .map((one) => `${one.life} ${meaning(one.name, one.value)}`)
    .toSorted()
    .join();
}

function heldMeaning({ ids, shelf }: Shelved, of: string): string {
  const held = shelf.of(ids.indexOf(of));
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
        const shelved = shelfOf(all);
        for (const of of ['a', 'b', 'c', '11111111-2222-4333-8444-555555555555']) {
          expect(heldMeaning(shelved, of)).toBe(meant(all, of));
        }
        expect(shelved.shelf.of(-1)).toBeNull();
      }),
      { numRuns: 1_000 },
    );
  });

  it('shares one set between images that have the same', () => {
    const { shelf } = newShelf();
    for (const of of [0, 1]) {
      shelf.add(of, 'live', 'os_type', 'linux');
      shelf.add(of, 'live', 'img_type', 'partition');
    }
    expect(shelf.of(0)).toMatchObject({
      live: new Map([
        ['os_type', 'linux'],
        ['img_type', 'partition'],
      ]),
    });
    expect(shelf.of(0)).toBe(shelf.of(1));
  });

  it('keeps an image apart for good once it was left out', () => {
    const { shelf } = newShelf();
    shelf.add(0, 'live', 'os_type', 'linux');
    shelf.leaveOut(0, 'kernel k');
    shelf.add(0, 'live', 'img_type', 'partition');
    expect(shelf.of(0)).toBe('apart');
  });

  it('names exactly the images whose properties mean something else on another shelf', () => {
    fc.assert(
      fc.property(properties, properties, (before, after) => {
        const [old, now] = [shelfOf(before), shelfOf(after)];
        const named = new Set([...old.shelf.differing(now.shelf), ...now.shelf.differing(old.shelf)]);
        for (const of of ['a', 'b', 'c', '11111111-2222-4333-8444-555555555555']) {
          expect([of, named.has(of)]).toEqual([of, meant(before, of) !== meant(after, of)]);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('names images that only one shelf left out, and those left out for other texts, in whatever order', () => {
    const texts = fc.uniqueArray(fc.constantFrom('kernel k', 'kernel l', 'ramdisk k', 'ramdisk l'));
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const leftOut = (all: readonly string[]): Shelved => {
          const shelved = newShelf();
          for (const text of all) shelved.shelf.leaveOut(shelved.ids.add('a'), text);
          // Enough of them for the shelf to grow behind it.
          for (let other = 0; other < 1_100; other += 1) shelved.shelf.leaveOut(shelved.ids.add(`image ${other}`), 'x');
          return shelved;
        };
        const [old, now] = [leftOut(before), leftOut(after)];
        const named = new Set([...old.shelf.differing(now.shelf), ...now.shelf.differing(old.shelf)]);
        expect([...named]).toEqual(before.toSorted().join() === after.toSorted().join() ? [] : ['a']);
      }),
      { numRuns: 30 },
    );
  });

  it('names an image that was left out when another of its properties means something else', () => {
    const withOs = (value: string, order: 'before' | 'after'): Shelved => {
      const { ids, shelf } = newShelf();
      if (order === 'before') shelf.add(ids.add('a'), 'live', 'os_type', value);
      shelf.leaveOut(ids.add('a'), 'kernel k');
      if (order === 'after') shelf.add(ids.add('a'), 'live', 'os_type', value);
      return { ids, shelf };
    };
    const named = (one: Shelved, other: Shelved): readonly string[] => [...one.shelf.differing(other.shelf)];
    expect(named(withOs('linux', 'before'), withOs('windows', 'after'))).toEqual(['a']);
    expect(named(withOs('linux', 'before'), withOs('lost', 'after'))).toEqual([]);
  });

  it('holds a bounded number of sets: images with others are left out, not lost', () => {
    const { shelf } = newShelf((own, text) => `${own}${text}`);
    for (let index = 0; index < 25_000; index += 1) shelf.add(index, 'live', 'name', `value ${index}`);
    expect(shelf.of(10)).toMatchObject({ live: new Map([['name', 'value 10']]) });
    expect(shelf.of(24_999)).toBe('apart');
  });

  it('says when too many ids would have to be held as texts', () => {
    const { ids, shelf } = newShelf();
    for (let index = 0; index < 100_000; index += 1) shelf.leaveOut(ids.add(`image ${index}`), '');
    expect(shelf.state).toBe('open');
    shelf.leaveOut(ids.add('one more'), '');
    expect(shelf.state).toBe('full');
  });
});
