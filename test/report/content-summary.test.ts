import { describe, expect, it } from 'vitest';

import type { Decision, DecisionContent } from '../../src/model/decision.ts';
import type { FindingCode } from '../../src/model/finding.ts';
import { summaryRecord } from '../../src/report/records/summary-record.ts';
import { renderPlan } from '../../src/report/terminal/plan/plan.ts';
import { ambiguous, decided, NASTY, READ, reportOf, row, summaryOf, unmappable } from './made-images.ts';

type Read = Extract<DecisionContent, { readonly kind: 'read' }>;

function read(fields: Partial<Read>, ...findings: readonly FindingCode[]): Decision {
  return decided({ content: { ...READ, ...fields }, findings });
}

const QCOW2 = { imageType: 'disk', containerType: 'qcow2', confidence: 'certain' } as const;
const PLAIN = { width: 80, rows: null, colour: 'plain' } as const;

const SUMMARY = summaryOf([
  [row({ id: 'agrees' }), read(QCOW2), 5],
  [row({ id: 'blank' }), read({}), 3],
  [row({ id: 'gone' }), decided({ content: { kind: 'unread' }, findings: ['CONTENT_UNREAD'] }), 2],
  [row({ id: 'unasked' }), decided(), 4],
  [
    row({ id: 'attack', diskFormat: ' RAW' }),
    ambiguous({
      content: { ...READ, ...QCOW2, safety: ['BACKING_FILE', 'DIRTY'], refusal: 'declared raw, found to be qcow2' },
      findings: ['CONTENT_MISMATCH', 'NOVA_REFUSES', 'UNSAFE_CONTENT'],
    }),
  ],
  [
    row({ id: 'wrong', diskFormat: 'raw' }),
    read({ ...QCOW2, refusal: 'declared raw, found to be qcow2' }, 'CONTENT_MISMATCH', 'NOVA_REFUSES'),
    6,
  ],
  [
    row({ id: 'tarred', diskFormat: 'vhd', containerFormat: null }),
    read({ containerType: null, envelope: 'tgz', safety: ['DIRTY', 'ENCRYPTED_CONTENT'] }, 'CONTENT_MISMATCH'),
    2,
  ],
]);

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
  it('stands in the JSON document in snake_case', () => {
    expect(summaryRecord(SUMMARY)).toMatchObject({
      content: {
        read: 17,
        undetermined: 5,
        unread: 2,
        safety: [
          {
            code: 'BACKING_FILE',
            severity: 'error',
            title: 'the image names a backing file',
            count: 1,
            sample_ids: ['attack'],
          },
          { code: 'DIRTY', count: 3 },
          { code: 'ENCRYPTED_CONTENT', count: 2 },
        ],
        mismatches: [
          {
            disk_format: 'raw',
            container_format: 'bare',
            found: { image_type: 'disk', container_type: 'qcow2', envelope: null },
            count: 7,
            sample_ids: ['attack', 'wrong', 'wrong', 'wrong', 'wrong'],
          },
          { disk_format: 'vhd', found: { image_type: null, container_type: null, envelope: 'tgz' } },
        ],
        other_mismatches: 0,
        refused: { count: 7, reasons: [{ reason: 'declared raw, found to be qcow2', count: 7 }] },
      },
    });
  });
});

describe('an undecided group', () => {
  it('says how many of its images were not asked for their content', () => {
    const [group] = summaryOf([
      [row({}), ambiguous(), 3],
      [row({}), ambiguous({ content: READ }), 4],
      [row({}), ambiguous({ content: { kind: 'unread' } }), 5],
    ]).undecided;
    expect([group?.count, group?.contentUnasked]).toEqual([12, 3]);
  });
});

describe('on a terminal', () => {
  it('dangers come first, then what is not as declared, then what is refused today', () => {
    const text = renderPlan(reportOf(SUMMARY), PLAIN);
    const from = text.indexOf('Content\n');
    expect(text.slice(from, text.indexOf('What the images become'))).toBe(`Content
  17 images read, 5 of them name no type, 2 could not be read.

  Security
  images  severity  safety                                        for example
       1  error     BACKING_FILE: the image names a backing file  attack
       3  warning   DIRTY: the image was not closed cleanly       attack
       2  info      ENCRYPTED_CONTENT: the content is encrypted   tarred

  Not what is declared
  images  declared    found       for example
       7  raw / bare  disk/qcow2  attack
       2  vhd / NULL  ?/? in tgz  tarred

  Refused by Nova and Glance of 2024 and later: 7 images
  images  why                              for example
       7  declared raw, found to be qcow2  attack

`);
  });
  it('is left out where no content was asked', () => {
    expect(renderPlan(reportOf(summaryOf([[row({}), decided()]])), PLAIN)).not.toContain('Content');
  });
  it('says how many rows of a long table are left out', () => {
    const wrong = read(QCOW2, 'CONTENT_MISMATCH');
    const many = summaryOf(Array.from({ length: 600 }, (_, i) => [row({ diskFormat: `w${i}` }), wrong]));
    const text = renderPlan(reportOf(many), PLAIN);
    expect(text).toContain('and 488 more, see --json');
    expect(text).toContain('and 100 images more, see --ndjson');
  });
  it.each(NASTY)('%j in a word or an id reaches it as text only', (nasty) => {
    const wrong = [row({ diskFormat: nasty, id: nasty }), read(QCOW2, 'CONTENT_MISMATCH')] as const;
    const text = renderPlan(reportOf(summaryOf([wrong, [row({}), unmappable()]])), PLAIN);
    expect(text).not.toMatch(/[^\P{Cc}\n]|[\u202E\u2028\u2029\uFEFF]/u);
  });
});
