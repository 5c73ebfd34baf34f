import { describe, expect, it } from 'vitest';

import type { Predicate } from '../../../src/answers/answer/answer.ts';
import { compilePredicate, conditionCount, isPolicy, predicateText } from '../../../src/answers/answer/predicate.ts';
import type { ImageEvidence } from '../../../src/model/image.ts';
import { asKernel, decide, evidence } from '../../rules/evidence-builder.ts';

const ANYTHING: Predicate = {
  diskFormats: null,
  containerFormats: null,
  owners: null,
  names: null,
  properties: [],
  size: null,
  evidence: null,
};
const meets = (when: Partial<Predicate>, image: ImageEvidence): boolean =>
  compilePredicate({ ...ANYTHING, ...when })(image, decide(image));

const image = evidence(' RAW ', null, {
  image: { name: 'vmlinuz-6', owner: 'o', size: 10n },
  properties: { os_type: 'linux', empty: null },
});

describe('a predicate', () => {
  it.each<[Partial<Predicate>, boolean]>([
    [{}, true],
    [{ diskFormats: ['qcow2', 'raw'] }, true],
    [{ diskFormats: ['qcow2'] }, false],
    [{ containerFormats: [null] }, true],
    [{ containerFormats: ['bare'] }, false],
    [{ owners: ['o'] }, true],
    [{ owners: [null] }, false],
    [{ names: ['vmlinuz*'] }, true],
    [{ names: ['VMLINUZ*'] }, false],
    [{ size: { min: 10n, below: 11n } }, true],
    [{ size: { min: null, below: 10n } }, false],
    [{ properties: [{ name: 'os_type', patterns: null }] }, true],
    [{ properties: [{ name: 'os_type', patterns: ['win*'] }] }, false],
    [{ properties: [{ name: 'empty', patterns: ['*'] }] }, false],
    [{ properties: [{ name: 'absent', patterns: null }] }, false],
    [{ evidence: 'none' }, false],
    [{ owners: ['o'], names: ['other'] }, false],
  ])('of case %# is met, or not', (when, met) => {
    expect(meets(when, image)).toBe(met);
  });

  it('that wants no evidence is met by a bare tuple, not by an image that others refer to', () => {
    expect(meets({ evidence: 'none' }, evidence('raw', 'bare'))).toBe(true);
    expect(meets({ evidence: 'none' }, evidence('raw', 'bare', { referencedBy: asKernel }))).toBe(false);
  });

  it('counts every property as a condition', () => {
    const properties = [
      { name: 'a', patterns: null },
      { name: 'b', patterns: ['*'] },
    ];
    expect(conditionCount({ ...ANYTHING, properties, evidence: 'none' })).toBe(3);
    expect(conditionCount(ANYTHING)).toBe(0);
  });

  it('is a policy where it names nothing particular', () => {
    expect(isPolicy({ ...ANYTHING, diskFormats: ['raw'], evidence: 'none' })).toBe(true);
    expect(isPolicy({ ...ANYTHING, diskFormats: ['raw'], owners: [null] })).toBe(false);
  });

  it('is shown to a person', () => {
    const properties = [{ name: 'os_type', patterns: null }];
    const size = { min: 1_048_576n, below: null };
    expect(
      predicateText({ ...ANYTHING, diskFormats: ['raw', null], names: ['vm*'], properties, size, evidence: 'none' }),
    ).toBe('disk_format=raw|null, name=vm*, property os_type is set, size >= 1 MiB, no evidence');
  });
});
