import { expect, it } from 'vitest';
import { SourceFailure } from '../../../src/probe/reading/source.ts';

it('begins with what failed; the reason is the same for all that fail alike', () => {
  const one = new SourceFailure('no such file', { label: '/images/a' });
  const other = new SourceFailure('no such file', { label: '/images/b' });

  expect([one.message, other.message]).toEqual(['/images/a: no such file', '/images/b: no such file']);
  expect(one.reason).toBe(other.reason);
  expect(one.status).toBeNull();
});

it('needs no label, and keeps the status of a refusal', () => {
  const failure = new SourceFailure('refused', { status: 403 });

  expect(failure).toMatchObject({ name: 'SourceFailure', message: 'refused', reason: 'refused', status: 403 });
});
