import { expect, test } from 'vitest';
import { aboutSection } from '../../../../src/report/html/page/about.ts';
import { HEADER } from '../../made-images.ts';
import { bodyText } from '../made-report.ts';

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
  const other = bodyText(aboutSection({ ...HEADER, target: 'columns', answers_digest: 'd1', probe: 'all' }));
  expect(other).toContain('results go to columns of the images table');
  expect(other).toContain('answers d1');
  expect(other).toContain('looked into every live image with a payload (--probe all)');
});
