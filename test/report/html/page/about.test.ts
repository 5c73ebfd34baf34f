import { expect, test } from 'vitest';
import { aboutSection, occasionSection } from '../../../../src/report/html/page/about.ts';
import { HEADER } from '../../made-images.ts';
import { TWO } from '../../made-services.ts';
import { bodyText, fullReport } from '../made-report.ts';

test('about: what the report was made from', () => {
  const text = bodyText(aboutSection(HEADER));
  for (const part of [
    'mysql://glance@db1/glance',
    'MariaDB 10.11.6',
    '2024.1',
    'sha256:abc',
    '0.1.0',
    '2026-01-31T12:00:00Z',
  ]) {
    expect(text).toContain(part);
  }
  expect(text).toContain('results go to nowhere yet');
  expect(text).toContain('answers none were given');
  expect(text).not.toContain('services of');
  const compared = bodyText(aboutSection({ ...HEADER, ...TWO }));
  expect(compared).toContain('services of OpenStack 2024.2 to 2025.2 Nova backend qcow2');
  const other = bodyText(aboutSection({ ...HEADER, target: 'columns', answers_digest: 'd1', probe: 'all' }));
  expect(other).toContain('results go to columns of the images table');
  expect(other).toContain('answers d1');
  expect(other).toContain('looked into every live image with a payload (--probe all)');
});

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
