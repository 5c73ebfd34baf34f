import { expect, it } from 'vitest';

import { undecidedPart, undecidedSection } from '../../../../src/report/terminal/plan/undecided.ts';
import { review } from '../../html/made-report.ts';
import { ambiguous, decided, reportOf, row, summaryOf, unmappable } from '../../made-images.ts';

const PLAIN = { width: 76, colour: 'plain' } as const;
const report = reportOf(
  summaryOf([
    [
      row({ diskFormat: 'raw', id: 'i1', name: null }),
      ambiguous({ evidence: [{ kind: 'property', detail: 'os_type is set' }] }),
      1_200,
    ],
    [row({ diskFormat: 'root-tar', id: 'i2' }), unmappable({ imageType: 'other', envelope: 'tgz' })],
  ]),
);

it('a question says what its images could be, why, what was seen and what would decide it', () => {
  expect(undecidedSection(report, PLAIN)).toBe(
    `Undecided: 1,201 images, 2 questions
  Answer them: plan --questions answers.yaml, then questions answers.yaml
  1,200  raw / bare  raw-bare-0df5ff47
    could be     disk/raw or filesystem/raw
    why          ambiguous, rule RULE: the reason
    seen         1,200 os_type is set
    resolve by   plan --probe undecided --store-path DIR; or a live
                 kernel_id on those that are filesystems; or your answer to
                 this question
    for example  i1 (no name)
  1  root-tar / bare  root-tar-bare-bc28dd0f
    could be     other, container unknown, in tgz
    why          unmappable, rule RULE: the reason
    resolve by   plan --probe undecided --store-path DIR; or your answer to
                 this question, or an alias in a rules file that says what
                 root-tar is
    for example  i2 "cirros"`,
  );
});

it('on a screen a question has one line; the hint names the file of answers', () => {
  const part = undecidedPart({ ...report, answers: review({ file: 'mine\u001b.yaml' }) });
  expect(part?.hint).toBe('Answer them: plan --questions mine\\x1b.yaml, then questions mine\\x1b.yaml');
  expect(part?.draw(1, PLAIN)).toBe('1,200  raw-bare-0df5ff47  disk/raw or filesystem/raw');
});

it('nothing is asked where all is decided', () => {
  const done = reportOf(summaryOf([[row({}), decided()]]));
  expect([undecidedSection(done, PLAIN), undecidedPart(done)]).toEqual(['', null]);
});
