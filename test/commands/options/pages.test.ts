import { expect, it } from 'vitest';

import { loadDeciding } from '../../../src/commands/options/deciding.ts';
import { pageColumns, pageSizeOf } from '../../../src/commands/options/pages.ts';
import { byHand } from '../../answers/support/answers-file.ts';
import { refusal } from '../support/refusal.ts';

it('a page has the size that was asked for, within bounds', () => {
  expect(pageSizeOf('100000').next()).toBe(100_000);
  expect(pageSizeOf(undefined).next()).toBe(2_000);
  for (const size of ['0', '100001', 'x']) expect(refusal(() => pageSizeOf(size))[0]).toBe('--page-size');
});

it('a page has all columns where answers, content or outputs need them', () => {
  const deciding = loadDeciding({ rules: undefined, answers: undefined });
  const off = { mode: 'off', notes: [] } as const;
  expect(pageColumns(deciding, off, [])).toBe('decisive');
  expect(pageColumns(deciding, off, ['--json'])).toBe('all');
  expect(pageColumns({ ...deciding, answers: byHand('  - { images: a, answer: leave }\n') }, off, [])).toBe('all');
  const on = {
    mode: 'all',
    stores: [],
    imageApi: null,
    reads: { kind: 'fixed', reads: 1 },
    cacheFile: null,
    notes: [],
  } as const;
  expect(pageColumns(deciding, on, [])).toBe('all');
});
