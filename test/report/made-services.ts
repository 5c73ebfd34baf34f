import type { ServicePrediction, ServiceRemedy, ServiceVerdict } from '../../src/model/service-prediction.ts';
import type { ServiceTitles } from '../../src/report/plan/report.ts';
import { ambiguous, decided, row, summaryOf } from './made-images.ts';

export const ACCEPTED = { kind: 'accepted', basis: 'inspected' } as const satisfies ServiceVerdict;
export const NOT_INSPECTED = { kind: 'accepted', basis: 'not-inspected' } as const satisfies ServiceVerdict;
export const UNKNOWN = { kind: 'unknown', why: 'the bytes were not read' } as const satisfies ServiceVerdict;

export const AS_RAW = { kind: 'word', diskFormat: 'raw', containerFormat: 'bare' } as const satisfies ServiceRemedy;
export const TO_QCOW2 = { kind: 'conversion', to: 'qcow2' } as const satisfies ServiceRemedy;
export const OPTION = {
  kind: 'option',
  option: '[image_format]gpt_safety_checks_nonfatal',
  value: 'mbr',
} as const satisfies ServiceRemedy;

/** A boot sector without a sound partition table. */
export const MBR = {
  kind: 'refused',
  step: 'safety',
  check: 'mbr',
  why: 'the partition table is not sound',
  remedies: [],
} as const satisfies ServiceVerdict;
export const MISMATCH = {
  kind: 'refused',
  step: 'comparison',
  check: 'comparison',
  why: 'declared qcow2, found to be gpt',
  remedies: [AS_RAW],
} as const satisfies ServiceVerdict;
export const NO_WORD = {
  kind: 'refused',
  step: 'word',
  check: 'word',
  why: 'the word vhd is not known',
  remedies: [TO_QCOW2, OPTION],
} as const satisfies ServiceVerdict;

export function prediction(
  service: string,
  verdict: ServiceVerdict,
  before: ServiceVerdict | null = null,
): ServicePrediction {
  return { service, verdict, before };
}

/** One release: Nova refuses 11 of 18 images by two checks, of Cinder nothing is known. */
export const ONE_RELEASE = summaryOf([
  [row({ id: 'fine' }), decided({ services: [prediction('nova', ACCEPTED), prediction('cinder', UNKNOWN)] }), 7],
  [row({ id: 'mbr' }), decided({ services: [prediction('nova', MBR), prediction('cinder', UNKNOWN)] }), 4],
  [row({ id: 'wrong' }), ambiguous({ services: [prediction('nova', MISMATCH), prediction('cinder', UNKNOWN)] }), 6],
  [
    row({ id: 'other' }),
    decided({
      services: [
        prediction('nova', { ...MISMATCH, why: 'declared vmdk, found to be gpt' }),
        prediction('cinder', { ...UNKNOWN, why: 'the guest was not read' }),
      ],
    }),
  ],
]);

/** Two releases: 3 images will be refused by Nova, 2 will work, 5 stay refused, 4 stay accepted, 6 are not known. */
export const TWO_RELEASES = summaryOf([
  [row({ id: 'stays' }), decided({ services: [prediction('nova', ACCEPTED, ACCEPTED)] }), 4],
  [row({ id: 'refused' }), decided({ services: [prediction('nova', MISMATCH, NO_WORD)] }), 5],
  [row({ id: 'breaks' }), decided({ services: [prediction('nova', MBR, ACCEPTED)] }), 3],
  [row({ id: 'works' }), decided({ services: [prediction('nova', ACCEPTED, MISMATCH)] }), 2],
  [row({ id: 'unseen' }), decided({ services: [prediction('nova', UNKNOWN, ACCEPTED)] }), 5],
  [row({ id: 'was-unseen' }), decided({ services: [prediction('nova', MBR, UNKNOWN)] })],
]);

/** What was asked, for a header. */
export const ONE = { openstack: '2025.2', openstack_before: null, nova_backend: 'qcow2' } as const;
export const TWO = { ...ONE, openstack_before: '2024.2' } as const;

export const TITLES: ServiceTitles = { nova: 'Nova', glance: 'Glance', cinder: 'Cinder' };
