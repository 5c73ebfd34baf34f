import { describe, expect, it } from 'vitest';

import {
  chosenBy,
  fitsContainer,
  fitsEnvelope,
  isFirm,
  isOldRamdisk,
  isRefuted,
  isUnsafe,
  refutedBy,
  typesOf,
} from '../../../src/rules/decide/content-fit.ts';
import { readContent as content, typed, untyped } from '../evidence-builder.ts';

const as = (
  imageType: 'disk' | 'iso9660' | 'filesystem',
  containerType: 'raw' | 'qcow2' | 'vhd',
  envelope: 'ova' | null = null,
) => ({
  imageType,
  containerType,
  envelope,
});
const row = { id: 'R', reason: '', findings: [] };

describe('bytes', () => {
  it('are firm where their type is certain or likely', () => {
    const firm = (['certain', 'likely', 'weak'] as const).map((sure) => isFirm(content(typed('disk', 'raw', sure))));
    expect([...firm, isFirm(content(untyped('raw')))]).toEqual([true, true, false, false]);
  });
  it('allow the type of the verdict first', () => {
    expect(typesOf(content(typed('filesystem', 'raw', 'likely', { alsoReadAs: ['iso9660', 'filesystem'] })))).toEqual([
      'filesystem',
      'iso9660',
    ]);
    expect(typesOf(content(untyped('raw')))).toEqual([]);
  });
  it('are unsafe with a code of severity error only', () => {
    expect(isUnsafe(content(untyped('qcow2', 'x', { safety: ['DIRTY', 'BACKING_FILE'] })))).toBe(true);
    expect(isUnsafe(content(untyped('qcow2', 'x', { safety: ['DIRTY'] })))).toBe(false);
  });
});

describe('a refuted format', () => {
  const refuting = content(untyped('raw', 'x', { refutes: ['iso', 'qcow2'] }));
  it('is that of the word', () => {
    expect([refutedBy(refuting, 'qcow2'), refutedBy(refuting, 'vmdk'), refutedBy(null, 'qcow2')]).toEqual([
      'qcow2',
      null,
      null,
    ]);
  });
  it('excludes a container, and iso a bare ISO image alone', () => {
    expect(
      [as('disk', 'qcow2'), as('iso9660', 'raw'), as('iso9660', 'vhd'), as('disk', 'raw')].map((one) =>
        isRefuted(refuting, one),
      ),
    ).toEqual([true, true, false, false]);
  });
});

describe('a declared container', () => {
  it('fits where it is that of the bytes, or these have no magic', () => {
    expect(fitsContainer(content(untyped('qcow2')), as('disk', 'qcow2'))).toBe(true);
    expect(fitsContainer(content(untyped('qcow2')), as('disk', 'vhd'))).toBe(false);
    expect(fitsContainer(content(untyped('raw')), as('disk', 'vhd'))).toBe(true);
    expect(fitsContainer(content(typed('disk', 'raw', 'likely')), as('disk', 'vhd'))).toBe(false);
    expect(fitsContainer(content(untyped('raw', 'x', { refutes: ['qcow2'] })), as('disk', 'qcow2'))).toBe(false);
  });
});

describe('a declared envelope', () => {
  it('fits where it is that of the bytes, by either word for a tar.gz, or nothing is known', () => {
    const tgz = content(untyped('raw', 'x', { envelope: 'tgz' }));
    expect([fitsEnvelope(tgz, 'xenserver-tgz'), fitsEnvelope(tgz, 'ova'), fitsEnvelope(tgz, null)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(fitsEnvelope(content(untyped(null)), 'ova')).toBe(true);
  });
});

it('a compressed filesystem is an old ramdisk where it is called one', () => {
  const old = content(typed('filesystem', 'raw', 'likely', { envelope: 'compressed', alsoReadAs: ['ramdisk'] }));
  expect([isOldRamdisk(old, 'ramdisk'), isOldRamdisk(old, 'filesystem')]).toEqual([true, false]);
});

describe('the choice of the bytes', () => {
  const open = (because: 'open' | 'contradiction') =>
    ({ kind: 'ambiguous', row, because, candidates: [as('disk', 'raw'), as('filesystem', 'raw', 'ova')] }) as const;
  it('is the candidate of their type and container, whatever its envelope', () => {
    expect(chosenBy(open('open'), as('filesystem', 'raw'))).toEqual(as('filesystem', 'raw', 'ova'));
    expect(chosenBy(open('open'), as('filesystem', 'qcow2'))).toBeNull();
  });
  it('is none among candidates that contradict each other', () => {
    expect(chosenBy(open('contradiction'), as('disk', 'raw'))).toBeNull();
  });
});
