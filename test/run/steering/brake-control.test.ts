import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createBrakeControl } from '../../../src/run/steering/brake-control.ts';

describe('the brake', () => {
  it('stays open while writes are quick', () => {
    const control = createBrakeControl(50);
    for (let write = 0; write < 200; write += 1) control.wrote(10);
    expect(control.share()).toBe(1);
  });

  it('forgives one slow write in a hundred, and no second one', () => {
    const control = createBrakeControl(50);
    for (let write = 0; write < 100; write += 1) control.wrote(10);
    control.wrote(90);
    expect(control.share()).toBe(1);
    control.wrote(90);
    expect(control.share()).toBe(0.5);
  });

  it('waits for an answer before it brakes harder, and gives way again step by step', () => {
    const control = createBrakeControl(50);
    for (let write = 0; write < 3; write += 1) control.wrote(90);
    const first = control.share();
    expect(first).toBe(0.5);
    for (let write = 0; write < 10; write += 1) control.wrote(90);
    expect(control.share()).toBeLessThan(first);
    const braked = control.share();
    for (let write = 0; write < 10; write += 1) control.wrote(10);
    expect(control.share()).toBeGreaterThan(braked);
    expect(control.share()).toBeLessThan(1);
    for (let write = 0; write < 200; write += 1) control.wrote(10);
    expect(control.share()).toBe(1);
  });

  it('brings writes under the target where less work makes them quicker', () => {
    const target = 40;
    const control = createBrakeControl(target);
    const late: number[] = [];
    for (let write = 0; write < 4_000; write += 1) {
      // A machine on which a write takes 5 ms alone and 105 ms beside work without a pause.
      const took = 5 + 100 * control.share();
      control.wrote(took);
      if (write > 1_000) late.push(took);
    }
    const over = late.filter((took) => took > target).length / late.length;
    expect(over).toBeLessThan(0.02);
  });

  it('never stops a run altogether, and never leaves its range', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 10_000, noNaN: true }), { maxLength: 300 }), (writes) => {
        const control = createBrakeControl(50);
        for (const took of writes) {
          control.wrote(took);
          expect(control.share()).toBeGreaterThan(0);
          expect(control.share()).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('works a fiftieth of the time at least, however slow writes are', () => {
    const control = createBrakeControl(50);
    for (let write = 0; write < 500; write += 1) control.wrote(10_000);
    expect(control.share()).toBe(0.02);
  });

  it('gives nothing back while writes only just keep the target', () => {
    const control = createBrakeControl(50);
    for (let write = 0; write < 3; write += 1) control.wrote(90);
    for (let write = 0; write < 50; write += 1) control.wrote(40);
    expect(control.share()).toBe(0.5);
  });
});
