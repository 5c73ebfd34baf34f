import { describe, expect, it } from 'vitest';

import { verdictHead, verdictSection } from '../../../../src/report/terminal/plan/verdict.ts';
import { decided, notApplicable, READ, reportOf, row, summaryOf } from '../../made-images.ts';

const PLAIN = { width: 120, colour: 'plain' } as const;
const lines = (...images: Parameters<typeof summaryOf>[0]) =>
  verdictSection(reportOf(summaryOf(images)), PLAIN).split('\n');

describe('the beginning of a plan', () => {
  it('has the verdict, the counts with shares, and what was looked at', () => {
    expect(lines([row({}), decided(), 3], [row({}), notApplicable({ reason: 'queued' })])).toEqual([
      'Ready: all 3 images that can be classified are decided.',
      'At the cutover nothing will behave differently.',
      'Security: not known, no image was looked into.',
      '',
      'images          4',
      'exact           0  0.0 %',
      'inferred        3  75.0 %',
      'ambiguous       0  0.0 %',
      'unmappable      0  0.0 %',
      'not applicable  1  25.0 %  (1 queued)',
      'database        mysql://glance@db1/glance (MariaDB 10.11.6, Glance 2024.1)',
      'rules           sha256:abc',
    ]);
  });

  it('says of security no more than was read', () => {
    const security = (...images: Parameters<typeof summaryOf>[0]) => lines(...images)[2];
    const unsafe = decided({ content: { ...READ, safety: ['BACKING_FILE'] }, findings: ['UNSAFE_CONTENT'] });
    expect(security([row({}), decided({ content: READ }), 2])).toBe('Security: nothing dangerous in 2 images read.');
    expect(
      security([row({}), unsafe], [row({}), decided({ content: { kind: 'unread' } }), 2], [row({}), decided(), 4]),
    ).toBe('Security: 1 dangerous in 1 image read; 2 could not be read; 4 not looked into.');
    expect(lines([row({}), notApplicable()]).slice(0, 2)).toEqual([
      'None of 1 image has a payload: there is nothing to decide.',
      '',
    ]);
  });

  it('is shorter on a screen', () => {
    expect(
      verdictHead(reportOf(summaryOf([[row({}), decided(), 3]])), PLAIN)
        .split('\n')
        .slice(3),
    ).toEqual([
      '3 images: 0 exact, 3 inferred, 0 ambiguous, 0 unmappable, 0 not-applicable',
      'database  mysql://glance@db1/glance (MariaDB 10.11.6, Glance 2024.1)',
    ]);
  });
});
