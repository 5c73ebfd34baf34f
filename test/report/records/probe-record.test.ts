import { expect, it } from 'vitest';

import type { Verdict } from '../../../src/model/verdict.ts';
import { probeRecord } from '../../../src/report/records/probe-record.ts';
import { typed } from '../../rules/evidence-builder.ts';

function verdictOf(...example: Parameters<typeof typed>): Verdict {
  const { content } = typed(...example);
  if (content?.kind !== 'read') throw new Error('no verdict');
  return content.verdict;
}

it('is one line with the documented keys in their order', () => {
  const verdict = verdictOf('disk', 'qcow2', 'certain', { safety: ['BACKING_FILE'] });
  const line = probeRecord('a\nb', { kind: 'read', verdict }, null);
  expect(line).not.toContain('\n');
  expect(Object.entries(JSON.parse(line) as object)).toEqual([
    ['format_version', 1],
    ['source', 'a\nb'],
    ['image_type', 'disk'],
    ['container_type', 'qcow2'],
    ['envelope', null],
    ['confidence', 'certain'],
    ['evidence', verdict.evidence],
    ['safety', ['BACKING_FILE']],
    ['cost', verdict.cost],
  ]);
});

it('says among the evidence why no type is named', () => {
  const { imageType: _type, confidence: _confidence, ...rest } = verdictOf('disk', 'raw', 'certain');
  const verdict = {
    ...rest,
    imageType: null,
    confidence: 'undetermined',
    why: 'all zeros',
    state: 'open',
  } as Verdict;
  expect(JSON.parse(probeRecord('x', { kind: 'read', verdict }, null))).toMatchObject({
    image_type: null,
    confidence: 'undetermined',
    evidence: [...verdict.evidence, { offset: 0, detail: 'undetermined: all zeros' }],
  });
});

it('a source that cannot be read has an error and nothing else', () => {
  expect(probeRecord('x', { kind: 'unread', why: 'gone' }, null)).toBe(
    '{"format_version":1,"source":"x","error":"gone"}',
  );
});
