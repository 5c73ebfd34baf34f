import { describe, expect, it } from 'vitest';

import type { ServicePrediction, ServiceVerdict } from '../../../src/model/service-prediction.ts';
import { isBootPart, type NovaView, novaToday, novaVerdict } from '../../../src/rules/decide/nova-today.ts';

const row: NovaView = {
  diskFormat: 'raw',
  containerFormat: 'bare',
  kernel: 'absent',
  ramdisk: 'absent',
  usedAs: 'nothing',
  payload: 'bytes',
};
const ACCEPTED: ServiceVerdict = { kind: 'accepted', basis: 'inspected' };
const UNKNOWN: ServiceVerdict = { kind: 'unknown', why: 'the bytes were not read' };
const REFUSED: ServiceVerdict = { kind: 'refused', step: 'safety', check: 'mbr', why: 'no partition', remedies: [] };

describe('what Nova does today with an image that its inspection', () => {
  it.each<[Partial<NovaView>, string, string, string]>([
    // view, accepted, unknown, refused
    [{}, 'boot-disk', 'boot-disk', 'refuse'],
    [{ kernel: 'live' }, 'boot-with-kernel', 'boot-with-kernel', 'refuse'],
    [{ kernel: 'live', diskFormat: 'iso' }, 'boot-with-kernel', 'boot-with-kernel', 'refuse'],
    [{ kernel: 'missing' }, 'refuse', 'refuse', 'refuse'],
    [{ kernel: 'deleted' }, 'refuse', 'refuse', 'refuse'],
    [{ kernel: 'live', ramdisk: 'missing' }, 'refuse', 'refuse', 'refuse'],
    [{ diskFormat: 'iso' }, 'attach-cdrom', 'attach-cdrom', 'refuse'],
    [{ diskFormat: 'iso', usedAs: 'kernel' }, 'attach-cdrom', 'attach-cdrom', 'refuse'],
    [{ diskFormat: 'aki', usedAs: 'kernel' }, 'use-as-kernel', 'use-as-kernel', 'refuse'],
    [{ diskFormat: 'aki', usedAs: 'both' }, 'use-as-kernel', 'use-as-kernel', 'refuse'],
    [{ diskFormat: 'ari', usedAs: 'ramdisk' }, 'use-as-ramdisk', 'use-as-ramdisk', 'refuse'],
    [{ kernel: 'live', usedAs: 'kernel' }, 'boot-with-kernel', 'boot-with-kernel', 'refuse'],
    // Boot from volumes asks Cinder, and never looks at the image.
    [{ payload: 'volumes', diskFormat: null }, 'boot-disk', 'boot-disk', 'boot-disk'],
    [{ payload: 'none' }, 'refuse', 'refuse', 'refuse'],
    // The words say archive: a disk format is not in there. Bytes that were read prove more than words.
    [{ diskFormat: 'qcow2', containerFormat: 'ova' }, 'boot-disk', 'refuse', 'refuse'],
    [{ diskFormat: 'qcow2', containerFormat: 'docker' }, 'boot-disk', 'refuse', 'refuse'],
    [{ diskFormat: 'iso', containerFormat: 'compressed' }, 'attach-cdrom', 'refuse', 'refuse'],
    [{ diskFormat: null, containerFormat: 'tgz' }, 'boot-disk', 'refuse', 'refuse'],
    [{ diskFormat: 'raw', containerFormat: 'ova' }, 'boot-disk', 'boot-disk', 'refuse'],
    [{ diskFormat: 'ami', containerFormat: 'tgz' }, 'boot-disk', 'boot-disk', 'refuse'],
    // Glance never checked ovf, and old clients wrote it by default.
    [{ diskFormat: 'qcow2', containerFormat: 'ovf' }, 'boot-disk', 'boot-disk', 'refuse'],
  ])('accepts, or knows nothing of, or refuses: %j', (view, accepted, unknown, refused) => {
    const image = { ...row, ...view };
    expect([ACCEPTED, UNKNOWN, REFUSED].map((verdict) => novaToday(image, verdict))).toEqual([
      accepted,
      unknown,
      refused,
    ]);
  });
});

it.each<[Partial<NovaView>, boolean]>([
  [{}, false],
  [{ usedAs: 'kernel' }, true],
  [{ usedAs: 'ramdisk' }, true],
  [{ usedAs: 'both', diskFormat: 'aki' }, true],
  [{ usedAs: 'kernel', kernel: 'live' }, false],
  [{ usedAs: 'kernel', kernel: 'missing' }, true],
  [{ usedAs: 'kernel', diskFormat: 'iso' }, false],
])('%j is only used as a part of other images: %s', (view, expected) => {
  expect(isBootPart({ ...row, ...view })).toBe(expected);
});

describe('the verdict of Nova today', () => {
  const other: ServicePrediction = { service: 'glance', verdict: REFUSED, before: null };
  it('is that of the release, where one is predicted', () => {
    expect(novaVerdict([other, { service: 'nova', verdict: ACCEPTED, before: null }])).toBe(ACCEPTED);
  });
  it('is that of the first release, where two are compared', () => {
    expect(novaVerdict([other, { service: 'nova', verdict: REFUSED, before: ACCEPTED }])).toBe(ACCEPTED);
  });
  it('is unknown where a table knows no Nova', () => {
    expect(novaVerdict([other]).kind).toBe('unknown');
  });
});
