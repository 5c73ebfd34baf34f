import { expect, it } from 'vitest';

import { EVIDENCE_PROPERTIES } from '../../src/model/image.ts';
import {
  ENCRYPTION_PROPERTIES,
  PLATFORM_PROPERTIES,
  SNAPSHOT_PROPERTIES,
} from '../../src/rules/decide/property-token.ts';

it('every property that the rules use is read, once', () => {
  expect(new Set(EVIDENCE_PROPERTIES).size).toBe(EVIDENCE_PROPERTIES.length);
  expect(EVIDENCE_PROPERTIES).toEqual(
    expect.arrayContaining([
      'kernel_id',
      'ramdisk_id',
      ...PLATFORM_PROPERTIES,
      ...ENCRYPTION_PROPERTIES,
      ...SNAPSHOT_PROPERTIES,
    ]),
  );
});
