import type { Decision, DecisionContent } from '../../src/model/decision.ts';
import type { FindingCode } from '../../src/model/finding.ts';
import { ambiguous, decided, READ, row, summaryOf } from './made-images.ts';
import { MISMATCH, prediction } from './made-services.ts';

type Read = Extract<DecisionContent, { readonly kind: 'read' }>;

/** A decided image of which the bytes were read. */
export function read(fields: Partial<Read>, ...findings: readonly FindingCode[]): Decision {
  return decided({ content: { ...READ, ...fields }, findings });
}

export const QCOW2 = { imageType: 'disk', containerType: 'qcow2', confidence: 'certain' } as const;
const REFUSED = [prediction('nova', { ...MISMATCH, why: 'declared raw, found to be qcow2' })];

/** Bytes that agree, say nothing, could not be read, were not asked, and contradict. */
export const SUMMARY = summaryOf([
  [row({ id: 'agrees' }), read(QCOW2), 5],
  [row({ id: 'blank' }), read({}), 3],
  [row({ id: 'gone' }), decided({ content: { kind: 'unread' }, findings: ['CONTENT_UNREAD'] }), 2],
  [row({ id: 'unasked' }), decided(), 4],
  [
    row({ id: 'attack', diskFormat: ' RAW' }),
    ambiguous({
      content: { ...READ, ...QCOW2, safety: ['BACKING_FILE', 'DIRTY'] },
      services: REFUSED,
      findings: ['CONTENT_MISMATCH', 'NOVA_REFUSES', 'UNSAFE_CONTENT'],
    }),
  ],
  [
    row({ id: 'wrong', diskFormat: 'raw' }),
    { ...read(QCOW2, 'CONTENT_MISMATCH', 'NOVA_REFUSES'), services: REFUSED },
    6,
  ],
  [
    row({ id: 'tarred', diskFormat: 'vhd', containerFormat: null }),
    read({ containerType: null, envelope: 'tgz', safety: ['DIRTY', 'ENCRYPTED_CONTENT'] }, 'CONTENT_MISMATCH'),
    2,
  ],
]);
