import { expect, test } from 'vitest';
import { occasionSection } from '../../../../src/report/html/page/occasion.ts';
import { bodyText, fullReport } from '../made-report.ts';

test('a migration says what it wrote and what it left alone', () => {
  const section = occasionSection({ kind: 'migrate', run: 7, written: 1, leftAlone: 2 });
  expect(section?.title).toBe('This run');
  expect(bodyText(section)).toContain('run 7 written 1 row of the journal');
  expect(bodyText(section)).toContain('left alone 2 images: somebody else changed their result columns');
});

test('a verification names the kinds of differences and some images', () => {
  const section = occasionSection(fullReport().occasion);
  expect([section?.title, section?.badge]).toEqual(['Differences', '3']);
  expect(bodyText(section)).toContain('The first 1 of 3');
  expect(bodyText(section)).toContain('changed-1 legacy-changed raw/bare qcow2/bare');
  expect(bodyText(occasionSection({ kind: 'verify', differences: [], sample: [] }))).toContain(
    'None: every live image',
  );
});

test('a plan has no section of its own', () => {
  expect(occasionSection({ kind: 'plan' })).toBeNull();
});
