import { expect, it } from 'vitest';

import { findingsPart, findingsSection } from '../../../../src/report/terminal/plan/findings.ts';
import { decided, row, summaryOf } from '../../made-images.ts';

const PLAIN = { width: 80, colour: 'plain' } as const;
const SUMMARY = summaryOf([
  [row({ id: 'i1' }), decided({ findings: ['OVF_UNVERIFIED'] }), 7],
  [row({ id: 'k' }), decided({ findings: ['KERNEL_MISSING'] })],
]);

it('the worst first, each with an image', () => {
  expect(findingsSection(SUMMARY, PLAIN).split('\n')).toEqual([
    'Findings',
    '  images  severity  finding',
    expect.stringMatching(/^ {7}1 {2}error {5}KERNEL_MISSING: /),
    '                    for example k',
    expect.stringMatching(/^ {7}7 {2}info {6}OVF_UNVERIFIED: /),
    '                    for example i1',
  ]);
});

it('on a screen one line each, and nothing where there are none', () => {
  expect(findingsPart(SUMMARY)?.count).toBe(2);
  expect(findingsPart(SUMMARY)?.draw(1, PLAIN)).toMatch(/^1 {2}error {2}KERNEL_MISSING: /);
  const none = summaryOf([[row({}), decided()]]);
  expect([findingsPart(none), findingsSection(none, PLAIN)]).toEqual([null, '']);
});
