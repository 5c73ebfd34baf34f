import { describe, expect, it } from 'vitest';

import { RetypeError } from '../../src/model/error.ts';
import { type Objection, refuseIfAny } from '../../src/run/preflight.ts';

function refusal(objections: readonly Objection[]): RetypeError | null {
  try {
    refuseIfAny(objections);
    return null;
  } catch (error) {
    if (error instanceof RetypeError) return error;
    throw error;
  }
}

const objection = (code: Objection['code'], place: string): Objection => ({
  code,
  place,
  expected: 'e',
  found: 'f',
  advice: 'a',
});

describe('refuseIfAny', () => {
  it('lets pass what nothing was objected to', () => {
    expect(refusal([])).toBeNull();
  });

  it('throws all objections under the code of the first, and names other codes', () => {
    const error = refusal([
      objection('MISSING_GRANT', 'images'),
      objection('MISSING_GRANT', 'x'),
      objection('DISK_ROOM', '/var'),
    ]);
    expect(error?.code).toBe('MISSING_GRANT');
    expect(error?.problems.map(({ place }) => place)).toEqual(['images', 'x', '/var (DISK_ROOM)']);
    expect(error?.problems[0]).toEqual({ place: 'images', expected: 'e', found: 'f', advice: 'a' });
  });
});
