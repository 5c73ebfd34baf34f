import { describe, expect, it } from 'vitest';

import { createPlanSummary } from '../../../src/report/plan/summary.ts';
import { transitionOf } from '../../../src/report/plan/service-tally.ts';
import { decided, row, summaryOf } from '../made-images.ts';
import {
  ACCEPTED,
  AS_RAW,
  MBR,
  MISMATCH,
  NOT_INSPECTED,
  ONE_RELEASE,
  prediction,
  TWO_RELEASES,
  UNKNOWN,
} from '../made-services.ts';

describe('what the services do, with one release', () => {
  const [nova, cinder] = ONE_RELEASE.services;

  it('counts verdicts of each service, in the order of the table', () => {
    expect(ONE_RELEASE.services.map(({ service }) => service)).toEqual(['nova', 'cinder']);
    expect(nova).toMatchObject({ accepted: 7, refused: 11, unknown: 0, transitions: null, improvements: [] });
    expect(cinder).toMatchObject({ accepted: 0, refused: 0, unknown: 18 });
  });

  it('counts refusals by check, biggest first, with their reasons and remedies', () => {
    expect(nova?.refusals).toEqual([
      {
        before: null,
        step: 'comparison',
        check: 'comparison',
        count: 7,
        reasons: [
          {
            why: 'declared qcow2, found to be gpt',
            remedies: [AS_RAW],
            count: 6,
            sampleIds: ['wrong', 'wrong', 'wrong', 'wrong', 'wrong'],
          },
          { why: 'declared vmdk, found to be gpt', remedies: [AS_RAW], count: 1, sampleIds: ['other'] },
        ],
      },
      {
        before: null,
        step: 'safety',
        check: 'mbr',
        count: 4,
        reasons: [
          {
            why: 'the partition table is not sound',
            remedies: [],
            count: 4,
            sampleIds: ['mbr', 'mbr', 'mbr', 'mbr'],
          },
        ],
      },
    ]);
  });

  it('counts what is not known by what was not seen', () => {
    expect(cinder?.unknowns).toEqual([
      {
        why: 'the bytes were not read',
        count: 17,
        sampleIds: ['fine', 'fine', 'fine', 'fine', 'fine'],
      },
      { why: 'the guest was not read', count: 1, sampleIds: ['other'] },
    ]);
  });

  it('names images that are decided and have no finding', () => {
    const services = [prediction('nova', MBR)];
    expect(
      summaryOf([[row({ id: 'seen' }), decided({ services })]]).services[0]?.refusals[0]?.reasons[0]?.sampleIds,
    ).toEqual(['seen']);
  });

  it('is empty where no service was asked', () => {
    expect(summaryOf([[row({}), decided()]]).services).toEqual([]);
  });
});

describe('what the services do, with two releases', () => {
  const [nova] = TWO_RELEASES.services;

  it('counts what becomes of the images', () => {
    expect(nova).toMatchObject({ accepted: 6, refused: 9, unknown: 5 });
    expect(nova?.transitions).toEqual({
      willBeRefused: 3,
      willWork: 2,
      staysRefused: 5,
      staysAccepted: 4,
      unknown: 6,
    });
  });

  it('puts what works today and is refused first, though other groups are bigger', () => {
    expect(nova?.refusals.map(({ before, check, count }) => [before, check, count])).toEqual([
      ['accepted', 'mbr', 3],
      ['unknown', 'mbr', 1],
      ['refused', 'comparison', 5],
    ]);
  });

  it('counts what will work by the check that refuses it today', () => {
    expect(nova?.improvements).toEqual([
      { step: 'comparison', check: 'comparison', count: 2, sampleIds: ['works', 'works'] },
    ]);
  });

  it.each([
    ['accepted', 'refused', 'willBeRefused'],
    ['refused', 'accepted', 'willWork'],
    ['refused', 'refused', 'staysRefused'],
    ['accepted', 'accepted', 'staysAccepted'],
    ['unknown', 'refused', 'unknown'],
    ['accepted', 'unknown', 'unknown'],
  ] as const)('%s, then %s: %s', (before, after, transition) => {
    expect(transitionOf(before, after)).toBe(transition);
  });

  it('names what will work although every service accepts it now', () => {
    const services = [prediction('nova', NOT_INSPECTED, MISMATCH)];
    const summary = summaryOf([[row({ id: 'seen' }), decided({ services })]]);
    expect(summary.services[0]?.improvements[0]?.sampleIds).toEqual(['seen']);
  });
});

it('images counted by their number alone are in every count, and samples are the first in the scan', () => {
  const collector = createPlanSummary();
  const [first, second] = [0, 1].map(() => decided({ services: [prediction('nova', MBR)] }));
  if (first === undefined || second === undefined) throw new Error('two decisions were made');
  for (const id of ['2', '3', '4', '5', '6']) {
    // An image that a report may name is added by itself.
    expect(collector.add(row({ id }), first, id).countAt(null)).toBe(id === '6');
  }
  collector.add(row({ id: '1' }), second, '1');
  expect(collector.result().services[0]).toMatchObject({
    refused: 7,
    refusals: [{ count: 7, reasons: [{ count: 7, sampleIds: ['1', '2', '3', '4', '5'] }] }],
  });
});

it('keeps 60 reasons of a check and 60 checks apart, and counts all images of them', () => {
  const reasons = summaryOf(
    Array.from({ length: 100 }, (_, i) => [
      row({}),
      decided({ services: [prediction('nova', { ...MISMATCH, why: `declared w${i}, found to be gpt` })] }),
    ]),
  );
  const [nova] = reasons.services;
  expect(nova).toMatchObject({ refused: 100, refusals: [{ count: 100 }] });
  expect(nova?.refusals[0]?.reasons).toHaveLength(60);
  const checks = summaryOf(
    Array.from({ length: 100 }, (_, i) => [
      row({}),
      decided({ services: [prediction('nova', { ...MBR, check: `c${i}` }), prediction('glance', ACCEPTED)] }),
    ]),
  );
  expect(checks.services[0]?.refused).toBe(100);
  expect(checks.services[0]?.refusals).toHaveLength(60);
  expect(checks.services[1]).toMatchObject({ service: 'glance', accepted: 100, refused: 0 });
  const unknown = summaryOf(
    Array.from({ length: 100 }, (_, i) => [
      row({}),
      decided({ services: [prediction('nova', { ...UNKNOWN, why: `w${i}` })] }),
    ]),
  );
  expect(unknown.services[0]?.unknown).toBe(100);
  expect(unknown.services[0]?.unknowns).toHaveLength(60);
});
