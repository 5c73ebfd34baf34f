import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { IdTable } from '../../../src/glance/references/id-table.ts';
import type { PropertyLife } from '../../../src/glance/properties/properties.ts';
import { PropertyCache } from '../../../src/glance/properties/cache.ts';
import { runs } from '../../support/effort.ts';

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
  readonly cache: PropertyCache;
}

function newCache(means = meaning): Shelved {
  const ids = new IdTable('exact');
  return { ids, cache: new PropertyCache(ids, means) };
}

function shelfOf(all: readonly Property[]): Shelved {
  const { ids, cache } = newCache();
  for (const one of all) cache.add(ids.add(one.image), one.life, one.name, one.value);
  return { ids, cache };
}

/** What an image's properties mean, in any order. */
function meant(all: readonly Property[], of: string): string {
  return all
    .filter((one) => one.image === of && meaning(one.name, one.value) !== '')
    .map((one) => `${one.life} ${meaning(one.name, one.value)}`)
    .toSorted()
    .join();
}

function heldMeaning({ ids, cache }: Shelved, of: string): string {
  const held = cache.of(ids.indexOf(of));
  if (held === null || held === 'apart') return '';
  return (['live', 'lost'] as const)
    .flatMap((one) => [...(held[one] ?? [])].map(([own, text]) => `${one} ${meaning(own, text)}`))
    .toSorted()
    .join();
}

describe('PropertyCache', () => {
  it('gives back what every property meant, in the life it was in, and nothing that meant nothing', () => {
    fc.assert(
      fc.property(properties, (all) => {
        const shelved = shelfOf(all);
        for (const of of ['a', 'b', 'c', '11111111-2222-4333-8444-555555555555']) {
          expect(heldMeaning(shelved, of)).toBe(meant(all, of));
        }
        expect(shelved.cache.of(-1)).toBeNull();
      }),
      runs(1_000),
    );
  });

  it('shares one set between images that have the same', () => {
    const { cache } = newCache();
    for (const of of [0, 1]) {
      cache.add(of, 'live', 'os_type', 'linux');
      cache.add(of, 'live', 'img_type', 'partition');
    }
    expect(cache.of(0)).toMatchObject({
      live: new Map([
        ['os_type', 'linux'],
        ['img_type', 'partition'],
      ]),
    });
    expect(cache.of(0)).toBe(cache.of(1));
  });

  it('keeps an image apart for good once it was left out', () => {
    const { cache } = newCache();
    cache.add(0, 'live', 'os_type', 'linux');
    cache.leaveOut(0, 'kernel k');
    cache.add(0, 'live', 'img_type', 'partition');
    expect(cache.of(0)).toBe('apart');
  });

  it('names exactly the images whose properties mean something else on another cache', () => {
    fc.assert(
      fc.property(properties, properties, (before, after) => {
        const [old, now] = [shelfOf(before), shelfOf(after)];
        const named = new Set([...old.cache.differing(now.cache), ...now.cache.differing(old.cache)]);
        for (const of of ['a', 'b', 'c', '11111111-2222-4333-8444-555555555555']) {
          expect([of, named.has(of)]).toEqual([of, meant(before, of) !== meant(after, of)]);
        }
      }),
      runs(1_000),
    );
  });

  it('names images that only one cache left out, and those left out for other texts, in whatever order', () => {
    const texts = fc.uniqueArray(fc.constantFrom('kernel k', 'kernel l', 'ramdisk k', 'ramdisk l'));
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const leftOut = (all: readonly string[]): Shelved => {
          const shelved = newCache();
          for (const text of all) shelved.cache.leaveOut(shelved.ids.add('a'), text);
          // Enough of them for the cache to grow behind it.
          for (let other = 0; other < 1_100; other += 1) shelved.cache.leaveOut(shelved.ids.add(`image ${other}`), 'x');
          return shelved;
        };
        const [old, now] = [leftOut(before), leftOut(after)];
        const named = new Set([...old.cache.differing(now.cache), ...now.cache.differing(old.cache)]);
        expect([...named]).toEqual(before.toSorted().join() === after.toSorted().join() ? [] : ['a']);
      }),
      runs(30),
    );
  });

  it('names an image that was left out when another of its properties means something else', () => {
    const withOs = (value: string, order: 'before' | 'after'): Shelved => {
      const { ids, cache } = newCache();
      if (order === 'before') cache.add(ids.add('a'), 'live', 'os_type', value);
      cache.leaveOut(ids.add('a'), 'kernel k');
      if (order === 'after') cache.add(ids.add('a'), 'live', 'os_type', value);
      return { ids, cache };
    };
    const named = (one: Shelved, other: Shelved): readonly string[] => [...one.cache.differing(other.cache)];
    expect(named(withOs('linux', 'before'), withOs('windows', 'after'))).toEqual(['a']);
    expect(named(withOs('linux', 'before'), withOs('lost', 'after'))).toEqual([]);
  });

  it('holds a bounded number of sets: images with others are left out, not lost', () => {
    const { cache } = newCache((own, text) => `${own}${text}`);
    for (let index = 0; index < 25_000; index += 1) cache.add(index, 'live', 'name', `value ${index}`);
    expect(cache.of(10)).toMatchObject({ live: new Map([['name', 'value 10']]) });
    expect(cache.of(24_999)).toBe('apart');
  });

  it('says when too many ids would have to be held as texts', () => {
    const { ids, cache } = newCache();
    for (let index = 0; index < 100_000; index += 1) cache.leaveOut(ids.add(`image ${index}`), '');
    expect(cache.state).toBe('open');
    cache.leaveOut(ids.add('one more'), '');
    expect(cache.state).toBe('full');
  });
});
