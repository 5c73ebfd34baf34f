import { describe, expect, test } from 'vitest';

import { lookedInside } from '../../../src/report/plan/looked-inside.ts';
import { decided, notApplicable, READ, row, summaryOf } from '../made-images.ts';

describe('what is known of the bytes', () => {
  const read = { ...READ, safety: ['BACKING_FILE'] } as const;
  const summary = summaryOf([
    [row({}), decided({ content: read, findings: ['UNSAFE_CONTENT'] }), 2],
    [row({}), decided({ content: READ }), 4],
    [row({}), decided({ content: { kind: 'unread' } }), 3],
    [row({}), decided(), 5],
    [row({}), notApplicable(), 9],
  ]);

  test('counts images, and those not looked into', () => {
    expect(lookedInside(summary)).toEqual({ kind: 'looked', dangerous: 2, caution: 0, read: 6, unread: 3, unasked: 5 });
  });

  test('is nothing where nobody looked', () => {
    expect(lookedInside(summaryOf([[row({}), decided()]]))).toEqual({ kind: 'nobody' });
  });

  test('of several codes of one severity the most frequent is the least there can be', () => {
    const unsafe = { ...READ, safety: ['BACKING_FILE', 'POLYGLOT', 'DIRTY'] } as const;
    expect(lookedInside(summaryOf([[row({}), decided({ content: unsafe }), 3]]))).toMatchObject({
      dangerous: 3,
      caution: 3,
      unasked: 0,
    });
  });
});
