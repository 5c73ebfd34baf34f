import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';

import {
  addField,
  blockMap,
  breakBefore,
  fieldsOf,
  keptComments,
  lineEnd,
  lineStart,
  removeField,
  setValue,
} from '../../../src/answers/file/fields.ts';
import { applySplices, type Splice } from '../../../src/answers/file/splice.ts';

const TEXT = 'a: 1\nb:   # why\n  - x\n  # inside\n  - y\nc:\n';
function fieldOf(key: string, text = TEXT) {
  const map = blockMap(parseDocument(text).contents);
  const field = map === null ? undefined : fieldsOf(map, text).get(key);
  if (field === undefined) throw new Error(key);
  return field;
}
const after = (splice: Splice, text = TEXT): string => applySplices(text, [splice]).text;

describe('a field', () => {
  it('knows where its value begins and ends', () => {
    const { colonEnd, valueStart, valueEnd } = fieldOf('a');
    expect([colonEnd, valueStart, valueEnd]).toEqual([2, 3, 4]);
    const list = fieldOf('b');
    expect(TEXT.slice(list.valueStart, list.valueEnd)).toBe('- x\n  # inside\n  - y');
    expect(fieldOf('c')).toMatchObject({ node: null, valueStart: 41, valueEnd: 41 });
  });

  it('gets another value on its line', () => {
    expect(after(setValue(TEXT, fieldOf('a'), ' 22', ''))).toContain('a: 22\nb:');
    expect(after(setValue(TEXT, fieldOf('c'), ' 3', ''))).toMatch(/c: 3\n$/);
  });

  it('keeps the comments of a list that gives way', () => {
    expect(after(setValue(TEXT, fieldOf('b'), ' []', ''))).toBe('a: 1\nb: []\n# why\n# inside\nc:\n');
  });

  it('is added after another one, and removed with its line', () => {
    expect(after(addField(TEXT, fieldOf('a'), 'new: 1', ''))).toContain('a: 1\nnew: 1\nb:');
    expect(after(removeField(TEXT, fieldOf('b'), ''))).toBe('a: 1\n# why\n# inside\nc:\n');
  });
});

it('a map in braces is no block map', () => {
  expect(blockMap(parseDocument('{ a: 1 }').contents)).toBeNull();
});

describe('lines', () => {
  const windows = 'one\r\ntwo\r\n';
  it('end before their break, of either kind', () => {
    expect([lineEnd(windows, 1), lineEnd('one\ntwo', 1), lineEnd('one', 1)]).toEqual([3, 3, 3]);
    expect([lineStart(windows, 6), lineStart(windows, 2)]).toEqual([5, 0]);
    expect([breakBefore(windows, 5), breakBefore('one\ntwo', 4), breakBefore('one', 0)]).toEqual([3, 3, 0]);
  });

  it('hold comments, and # inside quotes is none', () => {
    expect(keptComments('a: "#"\nb: 1 # two\n', 0, 18, '  ')).toBe('\n  # two');
    expect(keptComments('a: "#"\n', 0, 7, '')).toBe('');
  });
});
