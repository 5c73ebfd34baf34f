import { expect, it } from 'vitest';

import { servicesRecord, settingsRecord } from '../../../src/report/records/service-record.ts';

it('has the services by name, every one with every key', () => {
  const none = { basis: null, step: null, check: null, why: null, remedies: [], before: null, before_check: null };
  expect(
    servicesRecord([
      {
        service: 'nova',
        verdict: {
          kind: 'refused',
          step: 'safety',
          check: 'mbr',
          why: 'no partition',
          remedies: [
            { kind: 'word', diskFormat: 'qcow2', containerFormat: 'bare' },
            { kind: 'conversion', to: 'raw' },
            { kind: 'option', option: '[workarounds]x', value: 'True' },
          ],
        },
        before: { kind: 'accepted', basis: 'inspected' },
      },
      {
        service: 'glance',
        verdict: { kind: 'accepted', basis: 'not-inspected' },
        before: { kind: 'refused', step: 'formats', check: 'formats', why: 'w', remedies: [] },
      },
      { service: 'cinder', verdict: { kind: 'unknown', why: 'not read' }, before: null },
    ]),
  ).toEqual({
    nova: {
      ...none,
      verdict: 'refused',
      step: 'safety',
      check: 'mbr',
      why: 'no partition',
      remedies: [
        { kind: 'word', disk_format: 'qcow2', container_format: 'bare' },
        { kind: 'conversion', to: 'raw' },
        { kind: 'option', option: '[workarounds]x', value: 'True' },
      ],
      before: 'accepted',
    },
    glance: { ...none, verdict: 'accepted', basis: 'not-inspected', before: 'refused', before_check: 'formats' },
    cinder: { ...none, verdict: 'unknown', why: 'not read' },
  });
});

it('names the release, the one before it and the backend', () => {
  expect(settingsRecord({ release: '2025.2', before: null, novaBackend: 'flat' })).toEqual({
    release: '2025.2',
    before: null,
    nova_backend: 'flat',
  });
});
