import { expect, it } from 'vitest';

import { REFUTABLE, REFUTABLE_FORMATS } from '../../src/model/verdict.ts';
import { table } from '../rules/evidence-builder.ts';

it('refutable formats are sorted disk words of the decision table, without raw and vhd', () => {
  expect(REFUTABLE_FORMATS).toEqual(REFUTABLE_FORMATS.toSorted());
  for (const format of REFUTABLE_FORMATS) expect(table.vocabulary.disk.words.has(format)).toBe(true);
  expect(REFUTABLE_FORMATS).not.toContain('raw');
  expect(REFUTABLE_FORMATS).not.toContain('vhd');
  expect(REFUTABLE.vdi).toBe('no VDI signature at byte 64');
});
