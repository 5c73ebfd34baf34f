import { expect, it } from 'vitest';

import { RetypeError } from '../../src/model/error.ts';

const problem = { place: 'x.yaml:1', expected: 'a map', found: 'a list', advice: 'write a map' };

it('a message has the code, its title and every problem in four parts', () => {
  const error = new RetypeError('NO_SUCH_RUN', [problem, { ...problem, place: 'x.yaml:2' }]);
  expect(error.message).toBe(
    'NO_SUCH_RUN: there is no such run\n' +
      '  at       x.yaml:1\n  expected a map\n  found    a list\n  do       write a map\n\n' +
      '  at       x.yaml:2\n  expected a map\n  found    a list\n  do       write a map',
  );
  expect([error.exitCode, error.name, error.cause]).toEqual([2, 'RetypeError', undefined]);
});

it('a cause is kept and not shown', () => {
  const cause = new Error('the password is x');
  const error = new RetypeError('INTERNAL', [problem], cause);
  expect(error.cause).toBe(cause);
  expect(error.message).not.toContain('password');
  expect(error.exitCode).toBe(1);
});
