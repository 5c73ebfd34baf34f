import { describe, expect, it } from 'vitest';

import { agreementOf } from '../../src/answers/agreement.ts';
import type { Classification } from '../../src/model/decision.ts';
import { decide, evidence, typed } from '../rules/evidence-builder.ts';

const KERNEL: Classification = { imageType: 'kernel', containerType: 'raw', envelope: null };
const DISK: Classification = { imageType: 'disk', containerType: 'raw', envelope: null };
const QCOW2: Classification = { imageType: 'disk', containerType: 'qcow2', envelope: null };

describe('an answer', () => {
  it('to an ambiguous image is a candidate or outside', () => {
    const base = decide(evidence('raw', 'bare'));
    expect(base.status).toBe('ambiguous');
    expect(agreementOf(KERNEL, base)).toBe('candidate');
    expect(agreementOf(QCOW2, base)).toBe('outside');
  });

  it('that repeats a decision is a candidate, and against an exact one it is against a proof', () => {
    const base = decide(evidence('aki', 'aki'));
    expect(base.status).toBe('exact');
    expect(agreementOf(KERNEL, base)).toBe('candidate');
    expect(agreementOf(DISK, base)).toBe('against-proof');
  });

  it('against bytes that are certain is against a proof', () => {
    const base = decide(evidence('raw', 'bare', typed('disk', 'raw', 'certain')));
    expect(agreementOf(KERNEL, base)).toBe('against-proof');
  });

  it('to an unmappable image is a candidate unless it denies the type that is known', () => {
    const base = decide(evidence('zzz', 'yyy'));
    if (base.status !== 'unmappable') throw new Error(base.status);
    expect(agreementOf(DISK, { ...base, imageType: null })).toBe('candidate');
    expect(agreementOf(DISK, { ...base, imageType: 'disk' })).toBe('candidate');
    expect(agreementOf(DISK, { ...base, imageType: 'kernel' })).toBe('outside');
  });
});
