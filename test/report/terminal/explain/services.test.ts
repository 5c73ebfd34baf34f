import { expect, it } from 'vitest';

import { servicesSection } from '../../../../src/report/terminal/explain/services.ts';
import { decided, HEADER, NASTY } from '../../made-images.ts';
import {
  ACCEPTED,
  MBR,
  MISMATCH,
  NO_WORD,
  NOT_INSPECTED,
  ONE,
  prediction,
  TITLES,
  TWO,
  UNKNOWN,
} from '../../made-services.ts';

const PLAIN = { width: 80, colour: 'plain' } as const;

it('each service has its verdict, with step, check and reason, and every way to pass', () => {
  const services = [
    prediction('nova', NO_WORD),
    prediction('glance', NOT_INSPECTED),
    prediction('cinder', UNKNOWN),
    prediction('ironic', MBR),
  ];
  expect(servicesSection(decided({ services }), { ...HEADER, ...ONE }, TITLES, PLAIN))
    .toBe(`OpenStack 2025.2: what the services do (Nova backend: qcow2)
  Nova    refused by the step word: the word vhd is not known
          to pass: convert it: qemu-img convert -O qcow2, and upload the result
          as qcow2
          or: set [image_format]gpt_safety_checks_nonfatal = mbr
  Glance  accepted, not inspected
  Cinder  unknown: the bytes were not read
  ironic  refused by the check mbr (safety): the partition table is not sound`);
});

it('two releases are told one under the other, and once where they agree', () => {
  const services = [
    prediction('nova', MISMATCH, ACCEPTED),
    prediction('glance', ACCEPTED, ACCEPTED),
    prediction('cinder', MISMATCH, MBR),
    prediction('ironic', MISMATCH, MISMATCH),
  ];
  expect(servicesSection(decided({ services }), { ...HEADER, ...TWO }, TITLES, PLAIN))
    .toBe(`OpenStack 2024.2 to 2025.2: what the services do (Nova backend: qcow2)
  Nova    in 2024.2 accepted
          in 2025.2 refused by the step comparison: declared qcow2, found to be
          gpt
          to pass: upload the same bytes as raw / bare
  Glance  in both releases accepted
  Cinder  in 2024.2 refused by the check mbr (safety): the partition table is
          not sound
          in 2025.2 refused by the step comparison: declared qcow2, found to be
          gpt
          to pass: upload the same bytes as raw / bare
  ironic  in both releases refused by the step comparison: declared qcow2, found
          to be gpt
          to pass: upload the same bytes as raw / bare`);
});

it('is nothing where no service was asked', () => {
  expect(servicesSection(decided(), { ...HEADER, ...ONE }, TITLES, PLAIN)).toBe('');
});

it.each(NASTY)('%j is text only', (nasty) => {
  const services = [prediction(nasty, { ...MBR, why: nasty, check: nasty })];
  const text = servicesSection(decided({ services }), { ...HEADER, ...ONE }, {}, PLAIN);
  expect(text).not.toMatch(/[^\P{Cc}\n]|[\u202E\u2028\u2029\uFEFF]/u);
});
