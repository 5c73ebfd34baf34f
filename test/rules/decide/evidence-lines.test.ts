import { describe, expect, it } from 'vitest';

import {
  evidenceLines,
  notApplicableLines,
  referenceLines,
  shownId,
} from '../../../src/rules/decide/evidence-lines.ts';
import { readFacts } from '../../../src/rules/decide/facts.ts';
import { observe } from '../../../src/rules/decide/observation.ts';
import { asBoth, evidence, type Example, table, untyped } from '../evidence-builder.ts';

function lines(disk: string | null, container: string | null, example: Example = {}): readonly string[] {
  const seen = observe(evidence(disk, container, example));
  return evidenceLines(seen, readFacts(seen, table)).map(({ kind, detail }) => `${kind}: ${detail}`);
}

describe('evidence lines', () => {
  it('have the tuple first, with words that were read otherwise', () => {
    expect(lines('RAW', null)).toEqual([
      'tuple: disk_format=RAW, container_format=NULL',
      'tuple: disk_format read as raw',
    ]);
  });
  it('quote and cut odd words', () => {
    expect(lines('a b', 'x'.repeat(65))).toEqual([`tuple: disk_format="a b", container_format="${'x'.repeat(64)}"`]);
  });
  it('name properties by their token', () => {
    expect(
      lines('raw', 'bare', {
        properties: { img_type: 'partition', instance_uuid: 'abcdef', cinder_encryption_key_id: 'k1234' },
      }).slice(1),
    ).toEqual([
      'property: img_type=partition',
      'property: instance_uuid is set',
      'property: cinder_encryption_key_id is set',
    ]);
  });
  it('say what the bytes say and what they refute', () => {
    expect(
      lines('qcow2', 'bare', untyped('raw', 'blank', { refutes: ['qcow2'], safety: ['TRUNCATED'] })).slice(1),
    ).toEqual([
      'content: (no type: blank); safety TRUNCATED',
      'content: declared qcow2, but no QFI signature at byte 0',
    ]);
    expect(lines('raw', 'bare', { content: { kind: 'unread', why: 'gone' } }).slice(1)).toEqual([
      'content: could not be read: gone',
    ]);
  });
});

describe('reference lines', () => {
  it('name the images with examples', () => {
    const seen = observe(evidence('raw', 'bare', { referencedBy: asBoth, ramdisk: { kind: 'missing', id: 'r-1' } }));
    expect(referenceLines(seen).map(({ detail }) => detail)).toEqual([
      'kernel_id of 1 live image, for example r1',
      'ramdisk_id of 1 live image, for example r2',
      'ramdisk_id=r-1 (missing)',
    ]);
  });
});

it('a decision without content to classify names the status', () => {
  const seen = observe(
    evidence('raw', 'bare', { image: { status: 'queued', size: null }, properties: { bdm_v2: 'true' } }),
  );
  expect(notApplicableLines(seen, readFacts(seen, table)).map(({ detail }) => detail)).toEqual([
    'status=queued, live',
    'size is 0 or not set',
    'a block device mapping is set',
  ]);
});

it('text that is no id is never shown', () => {
  expect(shownId('4f-a_b.c')).toBe('4f-a_b.c');
  expect(shownId('http://user:secret@host')).toBe('(23 characters that are no id)');
});
