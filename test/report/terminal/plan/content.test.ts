import { describe, expect, it } from 'vitest';
import {
  contentPart,
  contentSection,
  findingsPart,
  findingsSection,
  securityPart,
} from '../../../../src/report/terminal/plan/content.ts';
import { QCOW2, read, SUMMARY } from '../../made-content.ts';
import { decided, NASTY, row, summaryOf } from '../../made-images.ts';

const PLAIN = { width: 80, colour: 'plain' } as const;

describe('the content of a plan', () => {
  it('dangers come first, then what is not as declared', () => {
    expect(contentSection(SUMMARY, PLAIN)).toBe(`Content
  17 images read, 5 of them name no type, 2 could not be read.

  Security
  images  severity  safety                                        for example
       1  error     BACKING_FILE: the image names a backing file  attack
       3  warning   DIRTY: the image was not closed cleanly       attack
       2  info      ENCRYPTED_CONTENT: the content is encrypted   tarred

  Not what is declared
  images  declared    found       for example
       7  raw / bare  disk/qcow2  attack
       2  vhd / NULL  ?/? in tgz  tarred`);
  });
  it('is left out where no content was asked', () => {
    expect(contentSection(summaryOf([[row({}), decided()]]), PLAIN)).toBe('');
  });
  it('says how many rows of a long table are left out', () => {
    const wrong = read(QCOW2, 'CONTENT_MISMATCH');
    const many = summaryOf(Array.from({ length: 600 }, (_, i) => [row({ diskFormat: `w${i}` }), wrong]));
    const text = contentSection(many, PLAIN);
    expect(text).toContain('and 488 more, see --json');
    expect(text).toContain('and 100 images more, see --ndjson');
  });
  it.each(NASTY)('%j in a word or an id reaches it as text only', (nasty) => {
    const wrong = [row({ diskFormat: nasty, id: nasty }), read(QCOW2, 'CONTENT_MISMATCH')] as const;
    const text = contentSection(summaryOf([wrong]), PLAIN);
    expect(text).not.toMatch(/[^\P{Cc}\n]|[\u202E\u2028\u2029\uFEFF]/u);
  });

  it('dangers are never cut on a screen; what is not as declared is', () => {
    expect(securityPart(SUMMARY)).toMatchObject({ count: 3, share: 'whole' });
    expect(securityPart(summaryOf([[row({}), decided()]]))).toBeNull();
    const part = contentPart(SUMMARY);
    expect(part?.title).toBe('Content: 17 images read, 5 of them name no type, 2 could not be read');
    expect(part?.draw(3, PLAIN).split('\n')).toEqual([
      '7  declared raw / bare, found disk/qcow2',
      '2  declared vhd / NULL, found ?/? in tgz',
    ]);
  });
});

const FOUND = summaryOf([
  [row({ id: 'i1' }), decided({ findings: ['OVF_UNVERIFIED'] }), 7],
  [row({ id: 'k' }), decided({ findings: ['KERNEL_MISSING'] })],
]);

it('the worst first, each with an image', () => {
  expect(findingsSection(FOUND, PLAIN).split('\n')).toEqual([
    'Findings',
    '  images  severity  finding',
    expect.stringMatching(/^ {7}1 {2}error {5}KERNEL_MISSING: /),
    '                    for example k',
    expect.stringMatching(/^ {7}7 {2}info {6}OVF_UNVERIFIED: /),
    '                    for example i1',
  ]);
});

it('on a screen one line each, and nothing where there are none', () => {
  expect(findingsPart(FOUND)?.count).toBe(2);
  expect(findingsPart(FOUND)?.draw(1, PLAIN)).toMatch(/^1 {2}error {2}KERNEL_MISSING: /);
  const none = summaryOf([[row({}), decided()]]);
  expect([findingsPart(none), findingsSection(none, PLAIN)]).toEqual([null, '']);
});
