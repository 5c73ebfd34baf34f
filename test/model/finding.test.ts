import { expect, it } from 'vitest';

import { FINDING_CODES, FINDINGS } from '../../src/model/finding.ts';

it.each(FINDING_CODES)('%s has a title of one line and a paragraph', (code) => {
  expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
  expect(FINDINGS[code].title).toMatch(/^(?:[a-z]|kernel_id|Nova)[^.\n]*$/i);
  expect(FINDINGS[code].text).toMatch(/^(?:[A-Z]|disk_format|container_format|vmware_disktype)[^\n]+[.)]$/);
});

it('severities of dangers do not change', () => {
  const errors = FINDING_CODES.filter((code) => FINDINGS[code].severity === 'error');
  expect(errors).toEqual(['KERNEL_MISSING', 'UNSAFE_CONTENT']);
});
