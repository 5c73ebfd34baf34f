import { expect, it } from 'vitest';

import { IMAGE_TYPES } from '../../../src/model/vocabulary.ts';
import { disposition } from '../../../src/rules/decide/disposition.ts';

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
