import { expect, it } from 'vitest';

import { SAFETY, SAFETY_CODES } from '../../src/model/safety.ts';

it.each(SAFETY_CODES)('%s has a title, a paragraph and well-formed CVE numbers', (code) => {
  expect(SAFETY[code].title).toMatch(/^[a-zA-Z][^.\n]*$/);
  expect(SAFETY[code].text).toMatch(/^[A-Z][^\n]+\.$/);
  for (const cve of SAFETY[code].cve) expect(cve).toMatch(/^CVE-\d{4}-\d{4,}$/);
});

it('what reads other files or escapes an archive is an error', () => {
  for (const code of ['BACKING_FILE', 'EXTERNAL_DATA_FILE', 'EXTERNAL_EXTENTS', 'UNSAFE_MEMBER', 'POLYGLOT'] as const) {
    expect(SAFETY[code].severity).toBe('error');
  }
  for (const code of ['LINK_OUTSIDE', 'DIRTY', 'TRUNCATED'] as const) expect(SAFETY[code].severity).toBe('warning');
});
