import { describe, expect, it } from 'vitest';

import { readAskedBy, readQuestion } from '../../../src/answers/read/question.ts';
import type { Problem } from '../../../src/model/error.ts';
import { parseTree } from '../../../src/yaml/yaml-tree.ts';

function tree(text: string, problems: Problem[]) {
  const node = parseTree({ path: 'f', text }, problems);
  if (node === null) throw new Error(text);
  return node;
}
function read(text: string) {
  const problems: Problem[] = [];
  return { question: readQuestion(tree(text, problems), { shown: 'f', problems }), problems };
}
const QUESTION = 'id: q-1\nimages: 3\nstatus: ambiguous\nrule: R\nwhy: because\ncandidates: [disk/raw, kernel/raw]\n';

describe('a question', () => {
  it('without an answer has facts alone', () => {
    const { question, problems } = read(`${QUESTION}disk_format: raw\ncontainer_format: ""\nanswer:\n`);
    expect([question?.answer, problems]).toEqual([null, []]);
    expect(question?.facts).toMatchObject({
      id: 'q-1',
      images: 3,
      imagesNow: null,
      diskFormat: 'raw',
      containerFormat: null,
    });
  });

  it('with a number is answered by that candidate, for the images that it had', () => {
    expect(read(`${QUESTION}answer: 2\n`).question?.answer).toMatchObject({
      id: 'q-1',
      place: 'f:7',
      to: { kind: 'question', question: 'q-1', written: 3 },
      value: { kind: 'classification', classification: { imageType: 'kernel' } },
    });
  });

  it.each([
    ['an id of capitals', QUESTION.replace('q-1', 'Q')],
    ['no number of images', QUESTION.replace('3', 'three')],
    ['a negative number of images', QUESTION.replace('3', '-1')],
    ['a candidate of other words', QUESTION.replace('disk/raw', 'disc/raw')],
    ['a blank status', QUESTION.replace('ambiguous', '" "')],
  ])('with %s is refused, with one problem', (_, text) => {
    const { question, problems } = read(text);
    expect([question, problems.length]).toEqual([null, 1]);
  });
});

it('a plan needs all of its keys', () => {
  const problems: Problem[] = [];
  const whole = 'created_at: 2026\ndatabase: d\nrules_digest: r\ntool_version: t\nimages: 2\nundecided: 1\n';
  expect(readAskedBy(tree(whole, problems), problems)).toMatchObject({ createdAt: '2026', images: 2, undecided: 1 });
  expect(readAskedBy(tree(whole.replace('database: d\n', ''), problems), problems)).toBeNull();
  expect(problems.map(({ expected }) => expected)).toEqual(['the key database with a text']);
});
