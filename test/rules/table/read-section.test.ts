import { describe, expect, it } from 'vitest';

import { readVoteThen } from '../../../src/rules/table/read-outcome.ts';
import { readSection } from '../../../src/rules/table/read-section.ts';
import { table } from '../evidence-builder.ts';
import { readBy } from './located.ts';

function read(text: string, ids = new Map<string, string>()) {
  const { domains, vocabulary } = table;
  return readBy(
    (node, problems) =>
      readSection(
        node,
        { attributes: ['used_as'], extraKeys: ['findings'], readThen: readVoteThen },
        { domains, vocabulary, problems, ids },
      ),
    text,
  );
}

const row = (id: string, rest = '') =>
  `- { id: ${id}, when: { used_as: kernel }, then: { types: kernel }, reason: why${rest} }\n`;

describe('a section', () => {
  it('gives its rows in order, with findings and place', () => {
    const { value, problems } = read(row('A', ', findings: ZERO_SIZE') + row('B'));
    expect(problems).toEqual([]);
    expect(value.map(({ id, findings, place }) => [id, findings, place])).toEqual([
      ['A', ['ZERO_SIZE'], 'x.yaml:1 [0]'],
      ['B', [], 'x.yaml:2 [1]'],
    ]);
  });
  it('leaves out a row with a problem and keeps the others', () => {
    const { value, problems } = read(row('A', ', colour: red') + row('B'));
    expect(value.map(({ id }) => id)).toEqual(['B']);
    expect(problems).toEqual(['one of the keys id, when, then, reason, findings, found colour']);
  });
  it('wants when, then, id and reason', () => {
    expect(read('- {}').problems).toEqual([
      'an id, found nothing',
      'a reason, one line, found nothing',
      'the key when, found nothing',
      'the key then, found nothing',
    ]);
  });
});

describe('an id', () => {
  it('is used once in all files', () => {
    const ids = new Map([['A', 'other.yaml:7']]);
    expect(read(row('A'), ids).problems).toEqual(['an id of its own, found A, as at other.yaml:7']);
  });
  it.each([
    ['x'.repeat(64), 0],
    ['x'.repeat(65), 1],
    ['-x', 1],
    ['a.b+c_d-1', 0],
    ['"a b"', 1],
  ])('%s has %i problems', (id, count) => {
    expect(read(row(id)).problems).toHaveLength(count);
  });
});
