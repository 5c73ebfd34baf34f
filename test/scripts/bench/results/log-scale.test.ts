import { describe, expect, it } from 'vitest';
import { logScale } from '../../../../scripts/bench/results/log-scale.ts';

describe('a logarithmic scale', () => {
  it('makes equal lengths of equal factors, in either direction', () => {
    const up = logScale({ least: 1, most: 100, from: 0, to: 200, room: 50 });
    expect([1, 10, 100].map(up.position)).toEqual([0, 100, 200]);
    const down = logScale({ least: 0.1, most: 10, from: 100, to: 0, room: 20 });
    expect(down.position(1)).toBeCloseTo(50);
  });

  it.each([
    [0, 1],
    [-1, 1],
    [2, 2],
    [1, Number.POSITIVE_INFINITY],
    [Number.NaN, 1],
  ])('does not reach from %d to %d', (least, most) => {
    expect(() => logScale({ least, most, from: 0, to: 1, room: 1 })).toThrow('no logarithmic scale');
  });

  it('has as many round ticks as there is room for', () => {
    const ticks = (room: number) => logScale({ least: 0.4, most: 30, from: 0, to: 100, room }).ticks;
    expect(ticks(10)).toEqual([0.5, 1, 2, 5, 10, 20]);
    expect(ticks(20)).toEqual([1, 3, 10, 30]);
    expect(ticks(90)).toEqual([1, 10]);
  });
});
