import { NOTHING_SEEN } from '../../../src/model/inspection.ts';
import { describe, expect, test, it } from 'vitest';
import { bounded, undetermined, refutedFormats } from '../../../src/probe/judgement/judgement.ts';
import { objection } from '../fuzz/case.ts';
import { REFUTABLE_FORMATS, type RefutableFormat } from '../../../src/model/verdict.ts';
import { fieldsOf } from '../../../src/probe/reading/fields.ts';

describe('what leaves the prober', () => {
  test('is bounded, plain and in order, whatever the formats said', () => {
    const evidence = Array.from({ length: 50 }, (_, offset) => ({
      offset,
      detail: `\u001b[2J\u202e${'x'.repeat(500)}`,
      space: 'here' as const,
    }));
    const judgement = bounded(undetermined('blank', 'raw', { evidence, safety: ['TRUNCATED', 'DIRTY', 'TRUNCATED'] }));
    expect(
      objection({ ...judgement, inspection: NOTHING_SEEN, reach: 'whole', cost: { requests: 0, bytes: 0 } }),
    ).toBeNull();
    expect(judgement.evidence[0]?.detail).toMatch(/^\?\[2J\?x+\.\.\.$/u);
  });
});

const refuted = (bytes: Uint8Array, size: number | null = bytes.length) =>
  refutedFormats({ head: fieldsOf(bytes), size }, []);

/** 64 KiB of zeros with a signature in them. */
function withSignature(offset: number, text: string): Buffer {
  const bytes = Buffer.alloc(64 * 1024);
  bytes.write(text, offset, 'latin1');
  return bytes;
}

const others = (...formats: readonly RefutableFormat[]) => REFUTABLE_FORMATS.filter((one) => !formats.includes(one));

describe('what the head of a layer is not', () => {
  it.each<readonly [RefutableFormat, number, string]>([
    ['cow', 0, 'OOOM'],
    ['iso', 32_769, 'CD001'],
    ['iso', 32_769, 'BEA01'],
    ['iso', 32_777, 'CDROM'],
    ['luks', 0, 'LUKS\xba\xbe'],
    ['ploop', 0, 'WithoutFreeSpace'],
    ['ploop', 0, 'WithouFreSpacExt'],
    ['qed', 0, 'QED\0'],
    ['vdi', 64, '\x7f\x10\xda\xbe'],
    ['vhdx', 0, 'vhdxfile'],
    ['vmdk', 0, '# a comment\ncreateType="monolithicFlat"\n'],
  ])('%s is not refuted by its signature at byte %i', (format, offset, text) => {
    expect(refuted(withSignature(offset, text))).toEqual(others(format));
  });
  it('a text that was not read to its end may hold a createType', () => {
    const text = Buffer.alloc(64 * 1024, '#');
    expect(refuted(text, 10_000_000)).toEqual(others('vmdk'));
    expect(refuted(text)).toEqual(REFUTABLE_FORMATS);
  });
  it('two formats share a signature', () => {
    expect(refuted(withSignature(0, 'QFI\xfb'))).toEqual(others('qcow', 'qcow2'));
  });
  it('zeros and a short text refute everything', () => {
    expect(refuted(Buffer.alloc(64 * 1024))).toEqual(REFUTABLE_FORMATS);
    expect(refuted(Buffer.from('#!/bin/sh\n'))).toEqual(REFUTABLE_FORMATS);
    expect(refuted(new Uint8Array(0))).toEqual(REFUTABLE_FORMATS);
  });
  it('what was not read refutes nothing', () => {
    const bytes = Buffer.alloc(1000);
    expect(refuted(bytes, null)).toEqual(others('iso'));
    expect(refuted(bytes, 40_000)).toEqual(others('iso'));
    expect(refuted(Buffer.from('#!/bin/sh\n'), null)).toEqual(['cow', 'luks', 'qcow', 'qcow2', 'qed', 'vhdx']);
    expect(refuted(new Uint8Array(0), null)).toEqual([]);
  });
  it('what was recognised all the same is not refuted', () => {
    const file = { head: fieldsOf(Buffer.alloc(64 * 1024)), size: 64 * 1024 };
    expect(refutedFormats(file, ['luks'])).toEqual(others('luks'));
  });
});
