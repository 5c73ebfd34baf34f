import { expect, it } from 'vitest';

import {
  contentSection,
  propertiesSection,
  referencesSection,
  rowSection,
} from '../../../../src/report/terminal/explain/image.ts';
import { asBoth, evidence, liveKernel, typed, untyped } from '../../../rules/evidence-builder.ts';

const PLAIN = { width: 100, colour: 'plain' } as const;

it('the row as stored, NULL and unknown told apart', () => {
  const image = { id: 'i1', name: null, owner: null, size: null, minDisk: null, deleted: true };
  expect(rowSection(evidence(null, ' bare', { image }), PLAIN).split('\n')).toEqual([
    'Image i1',
    '  disk_format       NULL',
    "  container_format  ' bare'",
    '  status            active, soft-deleted',
    '  size              NULL',
    '  min_disk          not known',
    '  owner             none',
  ]);
});

it('properties, live and lost', () => {
  const text = propertiesSection(
    evidence('raw', 'bare', { properties: { os_type: 'linux' }, lost: { kernel_id: 'k' } }),
    PLAIN,
  );
  expect(text).toMatch(/^Properties looked at\n {2}name +value +counts as\n {2}os_type +linux/);
  expect(text).toMatch(/\n {2}Lost \(soft-deleted without a time of deletion\):\n {2}name .*\n {2}kernel_id +k/);
  expect(propertiesSection(evidence('raw', 'bare'), PLAIN)).toContain('none of those that a rule looks at');
});

it('references in both directions', () => {
  const image = evidence('ami', 'ami', { ...liveKernel, ramdisk: { kind: 'missing', id: 'r' }, referencedBy: asBoth });
  expect(referencesSection(image, PLAIN).split('\n')).toEqual([
    'References',
    '  kernel_id   f0f0f0f0-0000-4000-8000-00000000000a, a live image declared aki / aki',
    '  ramdisk_id  r, which no row has',
    '  named by    1 live image as kernel, for example r1; 1 live image as ramdisk, for example r2',
  ]);
});

it('content: the verdict, how the container was found, and what was seen', () => {
  const read = typed('disk', 'qcow2', 'certain', { safety: ['DIRTY'], reach: 'cut', refutes: ['vmdk', 'vdi'] });
  expect(contentSection(evidence('raw', 'bare', read), PLAIN).split('\n')).toEqual([
    'Content',
    '  verdict    disk/qcow2, certain',
    '  container  by its signature',
    '  cannot be  vmdk, vdi',
    '  reach      some of the requested bytes could not be read',
    '  at 510     guest: MBR, 1 partition',
    expect.stringMatching(/^ {2}warning {4}DIRTY: /),
    '  read       524,288 bytes in 1 requests',
  ]);
  const blank = contentSection(evidence('raw', 'bare', untyped(null, 'all zeros')), PLAIN);
  expect(blank).toContain('?/?, no type: all zeros\n  container  no signature of a container was found');
  expect(contentSection(evidence('raw', 'bare'), PLAIN)).toContain('the content was not read');
});
