import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readMeasures, withMeasures } from '../../../scripts/bench/measures-file.ts';

const WHOLE = {
  command: 'migrate',
  seconds: { total: 9.1, read: 1.2, decide: 0.8, write: 6.1, wait: 1 },
  statements: 1234,
  bytesSent: 56_789,
  bytesReceived: 123,
  rows: 1_000_000,
  batches: 500,
};

describe('what the product says of a run', () => {
  it('is read whole, keys of the future ignored', () => {
    const { command: _, ...figures } = WHOLE;
    expect(readMeasures(JSON.stringify({ ...WHOLE, lanes: 2 }))).toEqual(figures);
  });

  it('is unknown where a key is missing', () => {
    const measures = readMeasures('{"seconds": {"total": 2}, "rows": 0}');
    expect(measures.seconds).toEqual({ total: 2, read: null, decide: null, write: null, wait: null });
    expect(measures.rows).toBe(0);
    expect(measures.statements).toBeNull();
    expect(readMeasures('{}').seconds.total).toBeNull();
  });

  it('is refused with everything that is wrong', () => {
    const wrong = { seconds: { total: '9', read: -1 }, statements: null, rows: Number.POSITIVE_INFINITY };
    expect(() => readMeasures(JSON.stringify(wrong))).toThrow(
      'the measures cannot be read:\nseconds.total is not a number from 0: "9"\nseconds.read is not a number from 0: -1\nstatements is not a number from 0: null\nrows is not a number from 0: null',
    );
    expect(() => readMeasures('[]')).toThrow('the document is no object');
    expect(() => readMeasures('{"seconds": 3}')).toThrow('seconds is no object');
    expect(() => readMeasures('{"seconds": {')).toThrow('not JSON');
  });

  it('is looked for where the product was told to put it', async () => {
    const told = await withMeasures((environment) => {
      writeFileSync(environment['GLANCE_RETYPE_MEASURES'] ?? '', JSON.stringify(WHOLE));
      return Promise.resolve('done');
    });
    expect(told.result).toBe('done');
    expect(told.measures?.statements).toBe(1234);
  });

  it('is nothing where the product wrote nothing', async () => {
    expect(await withMeasures(() => Promise.resolve('done'))).toEqual({ result: 'done', measures: null });
  });
});
