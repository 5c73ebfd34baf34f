import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { loadWalk } from '../../../src/commands/questions/walk.ts';
import { fileOf, question } from '../../answers/support/questions-builder.ts';

const folder = mkdtempSync(join(tmpdir(), 'glance-retype-walk-'));
function file(text: string): string {
  const path = join(folder, 'q.yaml');
  writeFileSync(path, text);
  return path;
}

describe('a file for the walk', () => {
  it('is checked, and laid out for answers', () => {
    const text = fileOf([question('raw-1', 3)]).replace('growth_limit: 10%', 'growth_limit: 25%');
    const loaded = loadWalk(file(text));
    expect([loaded.growthLimitPercent, loaded.document.questions.map(({ facts }) => facts.id)]).toEqual([
      25,
      ['raw-1'],
    ]);
    expect(loaded.file.text).toBe(text);
  });

  it.each([
    ['changed facts', fileOf([question('raw-1', 3)]).replace('images: 3', 'images: 4'), /a signature of other facts/],
    ['a layout without lines', '{ answers: [{ images: a, answer: leave }] }', /another layout/],
    ['something else', 'hosts: []\n', /a file that plan --questions wrote/],
  ])('with %s is refused', (_, text, message) => {
    expect(() => loadWalk(file(text))).toThrow(message);
  });

  it('must be there', () => {
    expect(() => loadWalk(join(folder, 'none.yaml'))).toThrow(/no such file/);
  });
});
