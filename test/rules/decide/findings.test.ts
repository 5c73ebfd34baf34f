import { describe, expect, it } from 'vitest';

import type { Decision } from '../../../src/model/decision.ts';
import { decide as decideUnseen, evidence, type Example, outcomeText } from '../evidence-builder.ts';

function decide(disk: string | null, container: string | null, example: Example = {}): Decision {
  return decideUnseen(evidence(disk, container, example));
}
function outcome(disk: string | null, container: string | null, example: Example = {}): string {
  return outcomeText(decide(disk, container, example));
}
const prop = (name: string, value: string): Example => ({ properties: { [name]: value } });

describe('findings about the words', () => {
  it.each([
    ['aki', 'bare', ['AMAZON_MISMATCH']],
    ['aki', 'aki', []],
    ['aki', null, []],
    ['aki', 'ova', ['AMAZON_MISMATCH', 'ENVELOPE_CONTRADICTION']],
    ['iso', 'docker', ['ENVELOPE_CONTRADICTION']],
    ['raw', 'docker', []],
    ['extdump', 'bare', ['FS_NO_KERNEL', 'NOVA_REFUSES']],
    ['raw', 'ovf', ['OVF_UNVERIFIED']],
    ['vhd', 'ovf', ['NOVA_REFUSES']],
    [' RAW ', 'Bare', ['NOVA_REFUSES', 'TUPLE_NOT_NORMALISED']],
    ['vpc', 'bare', ['NOVA_REFUSES', 'WORD_UNKNOWN']],
  ])('%s,%s has %j', (disk, container, findings) => {
    expect(decide(disk, container).findings).toEqual(findings);
  });
  it('folding caps an exact tuple at inferred', () => {
    expect(outcome('ISO', 'bare')).toBe('inferred iso9660/raw');
    expect(outcome('aki ', 'aki')).toBe('inferred kernel/raw');
  });
  it('a bundle manifest, a state or mappings show an EC2 registration', () => {
    expect(decide('ami', 'ami', prop('image_location', 'b/x.manifest.xml')).findings).toEqual(['BUNDLE_REGISTRATION']);
    expect(decide('ami', 'ami', prop('image_state', 'available')).findings).toEqual(['BUNDLE_REGISTRATION']);
    expect(decide('ami', 'ami', prop('mappings', '[{}]')).findings).toEqual(['BUNDLE_REGISTRATION']);
  });
});
