import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fixedSize, steeredSize } from '../../../src/run/context/batch-size.ts';

const BOUNDS = { start: 1_000, most: 10_000 };
const steered = () => steeredSize(BOUNDS, () => ({ milliseconds: 50, least: 50 }));

/** Batches of a database that takes so many milliseconds a row. */
function drive(size: ReturnType<typeof steeredSize>, perRow: number, batches: number): number {
  for (let batch = 0; batch < batches; batch += 1) size.took(size.next(), size.next() * perRow);
  return size.next();
}

describe('a steered size', () => {
  it.each([
    [0.05, 1_000],
    [0.02, 2_500],
    [0.5, 100],
    [0.001, 10_000],
    [5, 50],
  ])('comes to what takes the target at %f ms a row', (perRow, rows) => {
    expect(drive(steered(), perRow, 60)).toBe(rows);
  });

  it('grows by at most half from batch to batch', () => {
    const size = steered();
    for (let batch = 0; batch < 20; batch += 1) {
      const before = size.next();
      size.took(before, 0.001);
      expect(size.next()).toBeLessThanOrEqual(Math.ceil(before * 1.5));
    }
    expect(size.next()).toBe(10_000);
  });

  it('falls to a tenth at once where a batch takes more than five times the target, and forgets what was before', () => {
    const size = steered();
    drive(size, 0.05, 20);
    size.took(1_000, 251);
    expect(size.next()).toBe(100);
    // Two batches say nothing yet, be they as quick as they like.
    size.took(100, 1);
    size.took(100, 1);
    expect(size.next()).toBe(100);
  });

  it('goes by nine of ten: one slow batch among ten does not count, two do', () => {
    const size = steered();
    drive(size, 0.05, 20);
    size.took(1_000, 200);
    expect(size.next()).toBe(1_000);
    size.took(1_000, 200);
    expect(size.next()).toBe(250);
  });

  it('is cut once by batches that began with the same size', () => {
    const size = steered();
    for (let batch = 0; batch < 3; batch += 1) size.took(1_000, 251);
    expect(size.next()).toBe(100);
  });

  it('falls at once when the target does, and grows back by half a batch when it rises again', () => {
    let target = 100;
    const size = steeredSize(BOUNDS, () => ({ milliseconds: target, least: 50 }));
    drive(size, 0.05, 20);
    expect(size.next()).toBe(2_000);
    target = 20;
    expect(size.next()).toBe(400);
    size.took(2_000, 100);
    expect(size.next()).toBe(400);
    target = 100;
    size.took(400, 20);
    expect(size.next()).toBe(600);
    expect(drive(size, 0.05, 20)).toBe(2_000);
  });

  it('has the least size at once that is asked for, however long batches take', () => {
    let least = 50;
    const size = steeredSize(BOUNDS, () => ({ milliseconds: 50, least }));
    drive(size, 1, 20);
    expect(size.next()).toBe(50);
    least = 800;
    expect(size.next()).toBe(800);
    size.took(800, 800);
    expect(size.next()).toBe(800);
  });

  it('never leaves its bounds, whatever it is told', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(20_000), fc.double({ min: 0, max: 100_000, noNaN: true })), { maxLength: 60 }),
        (batches) => {
          const size = steered();
          for (const [rows, took] of batches) {
            size.took(rows, took);
            expect(size.next()).toBeGreaterThanOrEqual(50);
            expect(size.next()).toBeLessThanOrEqual(10_000);
            expect(Number.isInteger(size.next())).toBe(true);
          }
        },
      ),
    );
  });

  it('stays as the operator said where one was given', () => {
    const size = fixedSize(7);
    size.took(7, 100_000);
    expect(size.next()).toBe(7);
  });
});
