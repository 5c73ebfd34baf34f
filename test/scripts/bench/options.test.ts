import { describe, expect, it } from 'vitest';
import { readOptions } from '../../../scripts/bench/options.ts';

describe('the options of the benchmark', () => {
  it('have defaults', () => {
    expect(readOptions([])).toEqual({
      parts: ['migration', 'neighbour', 'shards', 'probe'],
      engines: ['mariadb'],
      sizes: [10_000, 100_000, 1_000_000],
      repeat: 5,
      seed: 2011,
      output: 'terminal',
    });
  });

  it('choose parts and engines, sizes smallest first and once each', () => {
    const options = readOptions(['--only', 'neighbour', '--engine', 'all', '--sizes', '500,1000,20,500', '--write']);
    expect(options).toMatchObject({
      parts: ['neighbour'],
      engines: ['mariadb', 'postgres', 'sqlite'],
      sizes: [20, 500, 1_000],
      output: 'terminal-and-files',
    });
  });

  it.each([
    [['--engine', 'oracle'], '--engine must be one of mariadb, postgres, sqlite, all; not oracle'],
    [['--only', 'nothing'], '--only must be one of migration, neighbour, shards, probe, all; not nothing'],
    [['--sizes', '10,1e'], '--sizes takes whole numbers from 1, not 1e'],
    [['--repeat', '0'], '--repeat takes whole numbers from 1, not 0'],
    [['--seed', '1.5'], '--seed takes whole numbers from 1, not 1.5'],
    [['--fast'], "Unknown option '--fast'"],
  ])('are refused: %j', (words, message) => {
    expect(() => readOptions(words)).toThrow(message);
  });
});
