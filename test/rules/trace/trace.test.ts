import { describe, expect, it } from 'vitest';

import { observe } from '../../../src/rules/decide/observation.ts';
import { takeSteps } from '../../../src/rules/decide/steps.ts';
import { traceDecision, traceJoining } from '../../../src/rules/trace/trace.ts';
import { readLostProperties, readProperties } from '../../../src/rules/trace/properties.ts';
import { asKernel, evidence, type Example, liveKernel, table, typed, predict } from '../evidence-builder.ts';

const trace = (...args: Parameters<typeof evidence>) => traceDecision(evidence(...args), table, predict);

describe('a trace', () => {
  it('tells of every row why it did not fire, and stops at the one that does', () => {
    const tuples = trace('qcow2', 'bare').sections.find(({ section }) => section === 'tuples');
    expect(tuples?.tried[0]).toMatchObject({
      id: 'UNTYPED',
      misses: [{ attribute: 'disk', found: 'qcow2', wanted: ['NULL'] }],
    });
    expect(tuples?.tried.find(({ id }) => id === 'OVA-DISK')?.misses).toEqual([
      { attribute: 'container', found: 'bare', wanted: ['ova'] },
    ]);
    expect(tuples?.tried.at(-1)).toMatchObject({ id: 'VIRTUAL-DISK', misses: [] });
    expect(tuples?.fired).toBe('VIRTUAL-DISK');
    expect((tuples?.tried.length ?? 0) + (tuples?.untried ?? 0)).toBe(table.tuples.length);
  });

  it('names a long group of words by its name', () => {
    const misses = trace('iso', 'bare').sections.flatMap(({ tried }) => tried.flatMap((row) => row.misses));
    expect(misses).toContainEqual({ attribute: 'disk', found: 'iso', wanted: ['VIRTUAL'] });
  });

  it.each([
    ['alone', 'qcow2', 'bare', {}],
    ['agrees', 'aki', 'aki', { referencedBy: asKernel }],
    ['chosen', 'raw', 'bare', { referencedBy: asKernel }],
    ['admitted', 'qcow2', 'bare', liveKernel],
    ['brought', null, null, { referencedBy: asKernel }],
    ['contradiction', 'qcow2', 'bare', { referencedBy: asKernel }],
    ['contradiction', 'raw', 'bare', { ...liveKernel, referencedBy: asKernel }],
  ] as const)('says that votes and tuple are joined as %s for %s / %s', (kind, disk, container, example) => {
    expect(trace(disk, container, example).joining?.kind).toBe(kind);
  });

  it('keeps what the row says beside what the bytes say', () => {
    const { content, facts, decision } = trace('raw', 'bare', typed('iso9660', 'raw', 'certain'));
    expect(content).toMatchObject({
      row: { id: 'CONTENT-PROOF' },
      without: { kind: 'ambiguous', row: { id: 'RAW' } },
      found: { imageType: 'iso9660', containerType: 'raw' },
      outcome: { kind: 'decided', status: 'exact' },
    });
    expect(facts.content_row).toBe('open');
    expect(decision.rule).toBe('CONTENT-PROOF');
  });

  it('says why a section was not reached', () => {
    const skipped = (traced: ReturnType<typeof trace>) =>
      Object.fromEntries(traced.sections.map((section) => [section.section, section.skipped]));
    expect(skipped(trace('raw', 'bare'))).toMatchObject({ content: 'the content was not read', tuples: null });
    const deleted = trace('raw', 'bare', { image: { deleted: true } });
    expect(skipped(deleted)).toMatchObject({ not_applicable: null, tuples: 'NA-DELETED has ended it' });
    expect(deleted.joining).toBeNull();
  });

  it('keeps the hints that ordered the candidates, with their points', () => {
    const { hints, decision } = trace('raw', 'bare', { image: { name: 'vmlinuz-5.10' } });
    expect(hints).toEqual([
      { weights: { kernel: 4 }, evidence: { kind: 'name', detail: 'the name looks like a kernel' } },
    ]);
    expect(decision).toMatchObject({ candidates: [{ imageType: 'kernel' }, {}, {}, {}, {}, {}] });
  });
});

describe('the properties of an image', () => {
  it('are shown with what they count as, cut, and never where they may hold a secret', () => {
    const read = readProperties(
      evidence('raw', 'bare', {
        properties: {
          kernel_id: 'nokernel',
          ramdisk_id: 'http://user:s3cr3t@host/images/x',
          image_location: 'swift+http://acct:s3cr3t@auth/v1/x.iso',
          block_device_mapping: '[{"connection_info": {"auth_password": "s3cr3t"}}]',
          instance_uuid: 'x'.repeat(80),
          architecture: 'x86_64',
          img_type: null,
        },
        ramdisk: { kind: 'missing', id: 'x' },
      }),
    );
    expect(JSON.stringify(read)).not.toContain('s3cr3t');
    expect(Object.fromEntries(read.map(({ name, countsAs }) => [name, countsAs]))).toEqual({
      architecture: 'nothing',
      block_device_mapping: 'block devices',
      image_location: 'a hint: an ISO file',
      img_type: 'nothing',
      instance_uuid: 'a snapshot mark',
      kernel_id: 'nothing: a placeholder',
      ramdisk_id: 'a reference',
    });
    expect(read.find(({ name }) => name === 'instance_uuid')?.shown).toBe(`${'x'.repeat(64)}…`);
    expect(read.find(({ name }) => name === 'img_type')?.shown).toBeNull();
  });

  it('count for snapshot marks alone where they were lost', () => {
    const lost = readLostProperties(
      evidence('raw', 'bare', { lost: { image_type: 'snapshot', img_type: 'partition' } }),
    );
    expect(lost.map(({ name, countsAs }) => [name, countsAs])).toEqual([
      ['image_type', 'a lost snapshot mark'],
      ['img_type', 'nothing'],
    ]);
  });
});

function joined(disk: string, container: string, example: Example = {}): string {
  const steps = takeSteps(observe(evidence(disk, container, example)), table);
  return steps.kind === 'weighed' ? traceJoining(steps.input, steps.outcome).kind : steps.kind;
}

it('votes and tuple are joined in one of seven ways', () => {
  const partition = { properties: { img_type: 'partition' } };
  expect(joined('raw', 'bare')).toBe('alone');
  expect(joined('iso', 'bare', { properties: { img_type: 'whole-disk' } })).toBe('contradiction');
  expect(joined('qcow2', 'bare', { properties: { img_type: 'whole-disk' } })).toBe('agrees');
  expect(joined('ami', 'ami', liveKernel)).toBe('chosen');
  expect(joined('qcow2', 'bare', partition)).toBe('admitted');
  expect(joined('no-such-word', 'bare', { referencedBy: asKernel })).toBe('brought');
  expect(joined('no-such-word', 'bare', partition)).toBe('narrowed');
});

it('a joining names the rows with their reasons', () => {
  const steps = takeSteps(observe(evidence('ami', 'AMI', liveKernel)), table);
  if (steps.kind !== 'weighed') throw new Error('no votes were joined');
  expect(traceJoining(steps.input, steps.outcome)).toMatchObject({
    votes: [{ voter: 'properties', row: { id: 'OWN-KERNEL' }, types: ['filesystem'], container: null }],
    tuple: {
      row: { id: 'AMI' },
      outcome: { status: 'ambiguous' },
      classifications: [{ imageType: 'filesystem' }, { imageType: 'disk' }],
    },
    spelling: 'folded',
  });
});
