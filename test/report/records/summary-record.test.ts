import { expect, it } from 'vitest';

import { answersRecord, ownersRecord, summaryRecord } from '../../../src/report/records/summary-record.ts';
import { effect, remark, review } from '../html/made-report.ts';
import { SUMMARY } from '../made-content.ts';
import { summaryOf } from '../made-images.ts';
import { ONE_RELEASE, TWO_RELEASES } from '../made-services.ts';

it('the content is in the JSON document in snake_case', () => {
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

it('what the services do is in the JSON document by service', () => {
  expect(summaryRecord(summaryOf([])).services).toEqual({});
  const { services } = summaryRecord(ONE_RELEASE);
  expect(Object.keys(services)).toEqual(['nova', 'cinder']);
  expect(services['nova']).toMatchObject({
    accepted: 7,
    refused: 11,
    unknown: 0,
    transitions: null,
    refusals: [
      {
        before: null,
        step: 'comparison',
        check: 'comparison',
        count: 7,
        reasons: [
          {
            why: 'declared qcow2, found to be gpt',
            remedies: [{ kind: 'word', disk_format: 'raw', container_format: 'bare' }],
            count: 6,
          },
          { why: 'declared vmdk, found to be gpt', count: 1, sample_ids: ['other'] },
        ],
      },
      { check: 'mbr', count: 4, reasons: [{ sample_ids: ['mbr', 'mbr', 'mbr', 'mbr'] }] },
    ],
    improvements: [],
    unknowns: [],
  });
  expect(services['cinder']).toMatchObject({
    unknown: 18,
    unknowns: [
      { why: 'the bytes were not read', count: 17 },
      { why: 'the guest was not read', count: 1, sample_ids: ['other'] },
    ],
  });
  expect(summaryRecord(TWO_RELEASES).services['nova']).toMatchObject({
    transitions: { will_be_refused: 3, will_work: 2, stays_refused: 5, stays_accepted: 4, unknown: 6 },
    improvements: [{ step: 'comparison', check: 'comparison', count: 2, sample_ids: ['works', 'works'] }],
  });
});

it('answers come with their effects and remarks; null is an answer that leaves images undecided', () => {
  const record = answersRecord(
    review({ effects: [effect(), effect({ value: { kind: 'leave' } })], remarks: [remark()] }),
  );
  expect(record).toMatchObject({
    file: 'answers.yaml',
    digest: 'd1gest',
    effects: [
      {
        id: 'raw-bare-3fa2c19d',
        answer: { image_type: 'filesystem', container_type: 'raw', envelope: null },
        against_proof: 1,
        sample_ids: ['first', 'second'],
        population: { written: 10, now: 12 },
      },
      { answer: null },
    ],
    remarks: [{ kind: 'nothing-met', place: 'answers.yaml:40', text: 'no image has it', weight: 'warns' }],
  });
});

it('owners are in the JSON document in snake_case, null for images without one', () => {
  const owner = { owner: null, undecided: 3, breaks: 1, questions: [{ question: 'q', count: 2 }], otherQuestions: 1 };
  expect(ownersRecord({ listed: [owner], others: { undecided: 4, breaks: 5 }, unseen: 6 })).toEqual({
    listed: [{ owner: null, undecided: 3, breaks: 1, questions: [{ question: 'q', count: 2 }], other_questions: 1 }],
    others: { undecided: 4, breaks: 5 },
    unseen: 6,
  });
});
