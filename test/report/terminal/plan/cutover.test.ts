import { expect, it } from 'vitest';

import { cutoverPart, cutoverSection } from '../../../../src/report/terminal/plan/cutover.ts';
import { ambiguous, decided, row, summaryOf } from '../../made-images.ts';

const PLAIN = { width: 50, colour: 'plain' } as const;
const DIFFERENT = summaryOf([
  [row({}), decided(), 10],
  [row({}), decided({ disposition: 'refuse' }), 3],
]);

it('what changes is a sentence each, wrapped with an indent', () => {
  expect(cutoverSection(DIFFERENT, PLAIN)).toBe(
    [
      'At the cutover',
      '  3 of the 13 images decided will behave',
      '    differently:',
      '  3 images that Nova boots as a disk today will be',
      '    refused',
    ].join('\n'),
  );
});

it('on a screen the part is there only where something changes', () => {
  const part = cutoverPart(DIFFERENT);
  expect(part?.title).toBe('At the cutover: 3 of 13 decided');
  expect(part?.draw(1, PLAIN)).toBe('3  that Nova boots as a disk today will be refused');
  expect(cutoverPart(summaryOf([[row({}), decided()]]))).toBeNull();
});

it('of undecided images nothing is said', () => {
  expect(cutoverSection(summaryOf([[row({}), ambiguous()]]), PLAIN)).toBe('');
});
