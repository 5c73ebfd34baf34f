import { describe, expect, it } from 'vitest';

import { answerWords, classificationWords, readClassificationWords } from '../../../src/answers/answer/words.ts';

const VMDK_IN_OVA = { imageType: 'disk', containerType: 'vmdk', envelope: 'ova' } as const;

describe('the words of a classification', () => {
  it('name the envelope only where there is one', () => {
    expect(classificationWords(VMDK_IN_OVA)).toBe('disk/vmdk in ova');
    expect(classificationWords({ ...VMDK_IN_OVA, envelope: null })).toBe('disk/vmdk');
    expect(answerWords({ kind: 'leave' })).toBe('leave');
    expect(answerWords({ kind: 'classification', classification: VMDK_IN_OVA })).toBe('disk/vmdk in ova');
  });

  it.each(['disk/vmdk in ova', ' DISK / VMDK  in  OVA '])('are read from %j', (text) => {
    expect(readClassificationWords(text)).toEqual(VMDK_IN_OVA);
  });

  it.each([
    '',
    'disk',
    'disk/',
    'disc/raw',
    'disk/zip',
    'disk/raw in zip',
    'disk/raw in',
    'disk/raw raw',
    'disk\n/raw',
  ])('are not read from %j', (text) => {
    expect(readClassificationWords(text)).toBeNull();
  });
});
