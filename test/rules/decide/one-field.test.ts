import { describe, expect, it } from 'vitest';

import type { Classification } from '../../../src/model/decision.ts';
import { IMAGE_TYPES } from '../../../src/model/vocabulary.ts';
import { disposition, oneField } from '../../../src/rules/decide/one-field.ts';

describe('the one-field view', () => {
  it.each<[Classification, string]>([
    [{ imageType: 'filesystem', containerType: 'qcow2', envelope: null }, 'a filesystem inside qcow2'],
    [{ imageType: 'disk', containerType: 'vhdx', envelope: null }, 'vhdx'],
    [{ imageType: 'disk', containerType: 'raw', envelope: 'tgz' }, 'the envelope tgz'],
    [{ imageType: 'other', containerType: 'raw', envelope: null }, 'other content'],
  ])('of %j has no word, and says for what', (classification, thing) => {
    expect(oneField(classification)).toEqual({ format: null, why: `the one-field model has no word for ${thing}` });
  });
});

describe('the disposition', () => {
  it('is the use that the thread gives to each type', () => {
    expect(IMAGE_TYPES.map(disposition)).toEqual([
      'use-as-kernel',
      'use-as-ramdisk',
      'boot-with-kernel',
      'attach-cdrom',
      'boot-disk',
      'refuse',
    ]);
  });
});

it('every type has the disposition of the proposal of 2011', () => {
  expect(IMAGE_TYPES.map((type) => [type, disposition(type)])).toEqual([
    ['kernel', 'use-as-kernel'],
    ['ramdisk', 'use-as-ramdisk'],
    ['filesystem', 'boot-with-kernel'],
    ['iso9660', 'attach-cdrom'],
    ['disk', 'boot-disk'],
    ['other', 'refuse'],
  ]);
});
