import { describe, expect, it } from 'vitest';

import type { NeighbourReading } from '../../../src/db/pressure.ts';
import { createPressureControl, type PressureControl } from '../../../src/run/steering/pressure.ts';

const alone = { milliseconds: 100, least: 1_000, lanes: 3, rest: 0 };
const beside = { milliseconds: 30, least: 100, lanes: 1, rest: 1 };

const reads = (control: PressureControl, times: number, reading: NeighbourReading | null): void => {
  for (let time = 0; time < times; time += 1) control.read(reading);
};
const quiet = { atWork: 0, waited: 7_000 };

/** One that has seen for long that nobody waits. */
function pressing(): PressureControl {
  const control = createPressureControl({ alone, beside });
  reads(control, 100, quiet);
  expect(control.now()).toBe(alone);
  return control;
}

describe('how hard a run presses', () => {
  it('begins as if others waited, and presses hard after ten readings without anybody', () => {
    const control = createPressureControl({ alone, beside });
    expect(control.now()).toBe(beside);
    reads(control, 9, quiet);
    expect(control.now()).toBe(beside);
    reads(control, 1, quiet);
    expect(control.now()).toBe(alone);
  });

  it.each([
    ['somebody waits', { atWork: 1, waited: 7_000 }],
    ['somebody has waited meanwhile', { atWork: 0, waited: 7_010 }],
    ['the database could not be asked', null],
  ])('gives way at once where %s, and for fifty readings after the last of it', (_, reading) => {
    const control = pressing();
    control.read(reading);
    expect(control.now()).toBe(beside);
    const after = reading ?? quiet;
    const calm = { atWork: 0, waited: after.waited };
    reads(control, 49, calm);
    expect(control.now()).toBe(beside);
    reads(control, 1, calm);
    expect(control.now()).toBe(alone);
  });

  it('takes the first wait of many for no better than the last', () => {
    const control = pressing();
    control.read({ atWork: 1, waited: 7_000 });
    reads(control, 40, quiet);
    control.read({ atWork: 1, waited: 7_000 });
    reads(control, 49, quiet);
    expect(control.now()).toBe(beside);
  });

  it('does not mind waits of under ten milliseconds between two readings, however many follow', () => {
    const control = pressing();
    for (let reading = 1; reading <= 100; reading += 1) {
      control.read({ atWork: 0, waited: 7_000 + 9 * reading });
      expect(control.now()).toBe(alone);
    }
  });

  it('does not take counters that begin anew, after a restart of the server, for waits', () => {
    const control = pressing();
    control.read({ atWork: 0, waited: 0 });
    expect(control.now()).toBe(alone);
    control.read({ atWork: 0, waited: 10 });
    expect(control.now()).toBe(beside);
  });
});
