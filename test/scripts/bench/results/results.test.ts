import { describe, expect, it } from 'vitest';
import { mergeResults, NO_RESULTS } from '../../../../scripts/bench/results/results.ts';
import { engine, size, waits } from './samples.ts';

const NEIGHBOUR = { images: 1_000, date: '2026-11-28', repeat: 1, load: 0, waits: { idle: [waits(1, 2, 3)] } };

const SHARDS = { images: 1_000, date: '2026-11-28', repeat: 1, load: 0, seconds: { whole: [3], shards: [2] } };

describe('putting new results to those that are there', () => {
  const there = mergeResults(
    mergeResults(NO_RESULTS, 'sqlite', engine('SQLite 3')),
    'mariadb',
    engine('MariaDB 10', { neighbour: NEIGHBOUR }),
  );

  it('leaves other engines alone', () => {
    const merged = mergeResults(there, 'postgres', engine('PostgreSQL 15'));
    expect(Object.keys(merged.engines).toSorted()).toEqual(['mariadb', 'postgres', 'sqlite']);
    expect(merged.engines.sqlite).toEqual(there.engines.sqlite);
  });

  it('replaces the sizes that were measured, keeps the others, smallest first, and keeps the neighbour', () => {
    const fresh = [size(1_000, { date: '2027-01-01' }), size(10_000)];
    const merged = mergeResults(there, 'mariadb', engine('MariaDB 10', { sizes: fresh })).engines.mariadb;
    expect(merged?.sizes.map(({ images, date }) => [images, date])).toEqual([
      [1_000, '2027-01-01'],
      [10_000, '2026-11-28'],
      [1_000_000, '2026-11-28'],
    ]);
    expect(merged?.neighbour).toEqual(NEIGHBOUR);
  });

  it('keeps the sizes where only the neighbour was measured', () => {
    const neighbour = { ...NEIGHBOUR, images: 5 };
    const merged = mergeResults(there, 'mariadb', engine('MariaDB 10', { sizes: [], neighbour })).engines.mariadb;
    expect(merged?.sizes).toHaveLength(2);
    expect(merged?.neighbour?.images).toBe(5);
  });

  it('takes shards in beside what is there, and keeps them where they were not measured', () => {
    const merged = mergeResults(there, 'mariadb', engine('MariaDB 10', { sizes: [], shards: SHARDS }));
    expect(merged.engines.mariadb).toEqual({ ...there.engines.mariadb, shards: SHARDS });
    const later = mergeResults(merged, 'mariadb', engine('MariaDB 10', { sizes: [], neighbour: NEIGHBOUR }));
    expect(later).toEqual(merged);
  });

  it.each([{ server: 'MariaDB 11' }, { settings: 'tuned' }, { machine: 'another machine' }, { seed: 2 }])(
    'throws away what was measured under other conditions, because it must not stand beside: %j',
    (other) => {
      const { conditions } = engine('MariaDB 10');
      const newer = engine('MariaDB 10', { conditions: { ...conditions, ...other }, sizes: [size(10)] });
      const merged = mergeResults(there, 'mariadb', newer).engines.mariadb;
      expect(merged).toEqual(newer);
    },
  );
});
