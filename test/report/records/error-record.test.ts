import { expect, it } from 'vitest';

import { ERRORS } from '../../../src/model/error-codes.ts';
import { RetypeError } from '../../../src/model/error.ts';
import { errorRecord } from '../../../src/report/records/error-record.ts';
import { faultsIn } from '../../support/program/published-schema.ts';

const problem = { place: '--batch-size', expected: 'a number', found: 'many', advice: 'give a number' };

it('an expected error has its code, its exit code and every problem', () => {
  const record = errorRecord(new RetypeError('USAGE', [problem, { ...problem, place: '--kills' }]));
  expect(faultsIn('error', record)).toEqual([]);
  expect(record).toEqual({
    format_version: 1,
    error: {
      code: 'USAGE',
      title: ERRORS.USAGE.title,
      text: ERRORS.USAGE.text,
      exit_code: 2,
      problems: [problem, { ...problem, place: '--kills' }],
    },
  });
});

it.each([new TypeError('p@ssw0rd'), 'p@ssw0rd', undefined])('any other is INTERNAL, without its words: %s', (error) => {
  const record = errorRecord(error);
  expect(faultsIn('error', record)).toEqual([]);
  expect(record.error).toMatchObject({ code: 'INTERNAL', exit_code: 1, problems: [] });
  expect(JSON.stringify(record)).not.toContain('p@ssw0rd');
});
