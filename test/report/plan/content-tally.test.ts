import { describe, expect, it, test } from 'vitest';
import { lookedInside } from '../../../src/report/plan/content-tally.ts';
import { QCOW2, read, SUMMARY } from '../made-content.ts';
import { decided, notApplicable, READ, row, summaryOf } from '../made-images.ts';

describe('the summary of contents', () => {
  it('counts what was read, what was not, and what it said', () => {
    const { content } = SUMMARY;
    expect(content).toMatchObject({ read: 17, undetermined: 5, unread: 2, otherMismatches: 0 });
    expect(content?.safety.map(({ code, count, sampleIds }) => [code, count, sampleIds[0]])).toEqual([
      ['BACKING_FILE', 1, 'attack'],
      ['DIRTY', 3, 'attack'],
      ['ENCRYPTED_CONTENT', 2, 'tarred'],
    ]);
    expect(content?.refused).toEqual({
      count: 7,
      reasons: [
        {
          reason: 'declared raw, found to be qcow2',
          count: 7,
          sampleIds: ['attack', 'wrong', 'wrong', 'wrong', 'wrong'],
        },
      ],
    });
  });
  it('pairs what is declared, once folded, with what was found', () => {
    expect(SUMMARY.content?.mismatches).toEqual([
      {
        diskFormat: 'raw',
        containerFormat: 'bare',
        found: { imageType: 'disk', containerType: 'qcow2', envelope: null },
        count: 7,
        sampleIds: ['attack', 'wrong', 'wrong', 'wrong', 'wrong'],
      },
      {
        diskFormat: 'vhd',
        containerFormat: null,
        found: { imageType: null, containerType: null, envelope: 'tgz' },
        count: 2,
        sampleIds: ['tarred', 'tarred'],
      },
    ]);
  });
  it('names an image for a code that makes no finding', () => {
    const snapshots = read({ ...QCOW2, safety: ['INTERNAL_SNAPSHOTS'] });
    expect(summaryOf([[row({ id: 'seen' }), snapshots]]).content?.safety[0]?.sampleIds).toEqual(['seen']);
  });
  it('is null where nothing was asked, and not where nothing could be read', () => {
    expect(summaryOf([[row({}), decided()]]).content).toBeNull();
    expect(summaryOf([[row({}), decided({ content: { kind: 'unread' } })]]).content).toMatchObject({
      read: 0,
      unread: 1,
    });
  });
  it('keeps 500 mismatches apart and counts the rest', () => {
    const wrong = read(QCOW2, 'CONTENT_MISMATCH');
    const many = summaryOf(Array.from({ length: 600 }, (_, i) => [row({ diskFormat: `w${i}` }), wrong, 2]));
    expect(many.content?.mismatches).toHaveLength(500);
    expect(many.content?.otherMismatches).toBe(200);
  });
});

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
