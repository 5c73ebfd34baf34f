import { expect, it } from 'vitest';
import { answeringWay } from '../../../src/report/words/next-words.ts';

it('names the file that was written, and no command that writes it again', () => {
  const way = { write: null, file: "'my answers.yaml'" };
  expect(answeringWay(["glance-retype questions 'my answers.yaml'     # answer them"])).toEqual(way);
  expect(answeringWay([String.raw`glance-retype questions 'it'\''s.yaml'`]).file).toBe(String.raw`'it'\''s.yaml'`);
});

it('names the command that writes the file where it is suggested', () => {
  const write = 'glance-retype plan --glance-conf g --questions a.yaml     # writes';
  expect(answeringWay(['glance-retype status', write])).toEqual({ write, file: 'a.yaml' });
});

it('falls back on the usual file', () => {
  expect(answeringWay(['glance-retype expand']).file).toBe('answers.yaml');
  expect(answeringWay([], 'my file')).toEqual({
    write: "glance-retype plan --questions 'my file'",
    file: "'my file'",
  });
});
