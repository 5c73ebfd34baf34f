import type { Problem } from '../../../src/model/error.ts';
import { type Located, parseTree } from '../../../src/yaml/yaml-tree.ts';

/** The tree of a YAML text that has no mistakes. */
export function located(text: string): Located {
  const problems: Problem[] = [];
  const tree = parseTree({ path: 'x.yaml', text }, problems);
  if (tree === null || problems.length > 0)
    throw new Error(`the text of a test is broken: ${JSON.stringify(problems)}`);
  return tree;
}

/** What a reader returns for a text, and its problems as `expected, found`. */
export function readBy<T>(read: (node: Located, problems: Problem[]) => T, text: string) {
  const problems: Problem[] = [];
  const value = read(located(text), problems);
  return { value, problems: problems.map(({ expected, found }) => `${expected}, found ${found}`) };
}
