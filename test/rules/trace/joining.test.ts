import { expect, it } from 'vitest';

import { observe } from '../../../src/rules/decide/observation.ts';
import { takeSteps } from '../../../src/rules/decide/steps.ts';
import { traceJoining } from '../../../src/rules/trace/joining.ts';
import { asKernel, evidence, type Example, liveKernel, table } from '../evidence-builder.ts';

function kind(disk: string, container: string, example: Example = {}): string {
  const steps = takeSteps(observe(evidence(disk, container, example)), table);
  return steps.kind === 'weighed' ? traceJoining(steps.input, steps.outcome).kind : steps.kind;
}

it('votes and tuple are joined in one of seven ways', () => {
  const partition = { properties: { img_type: 'partition' } };
  expect(kind('raw', 'bare')).toBe('alone');
  expect(kind('iso', 'bare', { properties: { img_type: 'whole-disk' } })).toBe('contradiction');
  expect(kind('qcow2', 'bare', { properties: { img_type: 'whole-disk' } })).toBe('agrees');
  expect(kind('ami', 'ami', liveKernel)).toBe('chosen');
  expect(kind('qcow2', 'bare', partition)).toBe('admitted');
  expect(kind('no-such-word', 'bare', { referencedBy: asKernel })).toBe('brought');
  expect(kind('no-such-word', 'bare', partition)).toBe('narrowed');
});

it('a joining names the rows with their reasons', () => {
  const steps = takeSteps(observe(evidence('ami', 'AMI', liveKernel)), table);
  if (steps.kind !== 'weighed') throw new Error('no votes were joined');
  expect(traceJoining(steps.input, steps.outcome)).toMatchObject({
    votes: [{ voter: 'properties', rule: 'OWN-KERNEL', types: ['filesystem'], container: null }],
    tuple: { rule: 'AMI', status: 'ambiguous', classifications: [{ imageType: 'filesystem' }, { imageType: 'disk' }] },
    spelling: 'folded',
  });
});
