import { expect, it } from 'vitest';

import { servicesBeforeRecord, servicesRecord, servicesText } from '../../../src/report/records/service-record.ts';
import {
  ACCEPTED,
  AS_RAW,
  MBR,
  MISMATCH,
  NOT_INSPECTED,
  OPTION,
  prediction,
  TO_QCOW2,
  UNKNOWN,
} from '../made-services.ts';

const PREDICTIONS = [
  prediction('nova', { ...MBR, remedies: [AS_RAW, TO_QCOW2, OPTION] }, ACCEPTED),
  prediction('glance', NOT_INSPECTED, NOT_INSPECTED),
  prediction('cinder', UNKNOWN, MISMATCH),
  prediction('ironic', ACCEPTED),
];

it('the services are an object by service, in the order of the table', () => {
  expect(servicesRecord([])).toEqual({});
  expect(Object.entries(servicesRecord(PREDICTIONS))).toEqual([
    [
      'nova',
      {
        verdict: 'refused',
        step: 'safety',
        check: 'mbr',
        why: 'the partition table is not sound',
        remedies: [
          { kind: 'word', disk_format: 'raw', container_format: 'bare' },
          { kind: 'conversion', to: 'qcow2' },
          { kind: 'option', option: '[image_format]gpt_safety_checks_nonfatal', value: 'mbr' },
        ],
        before: 'accepted',
      },
    ],
    ['glance', { verdict: 'accepted', basis: 'not-inspected', before: 'accepted' }],
    ['cinder', { verdict: 'unknown', why: 'the bytes were not read', before: 'refused' }],
    ['ironic', { verdict: 'accepted', basis: 'inspected', before: null }],
  ]);
});

it('what they do in the earlier release is whole, and left out where it was not asked', () => {
  expect(servicesBeforeRecord(PREDICTIONS)).toEqual({
    nova: { verdict: 'accepted', basis: 'inspected' },
    glance: { verdict: 'accepted', basis: 'not-inspected' },
    cinder: {
      verdict: 'refused',
      step: 'comparison',
      check: 'comparison',
      why: 'declared qcow2, found to be gpt',
      remedies: [{ kind: 'word', disk_format: 'raw', container_format: 'bare' }],
    },
  });
});

it('a cell has short words, and both releases only where they differ', () => {
  expect(servicesText(PREDICTIONS)).toBe(
    'nova=accepted>refused:mbr glance=accepted cinder=refused:comparison>unknown ironic=accepted',
  );
  expect(servicesText([prediction('nova', MISMATCH, MBR)])).toBe('nova=refused:mbr>refused:comparison');
  expect(servicesText([prediction('nova', MBR, MBR)])).toBe('nova=refused:mbr');
  expect(servicesText([])).toBeNull();
});
