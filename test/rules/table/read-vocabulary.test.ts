import { describe, expect, it } from 'vitest';

import type { Problem } from '../../../src/model/error.ts';
import { readVocabulary } from '../../../src/rules/table/read-vocabulary.ts';
import { readMap } from '../../../src/yaml/read-node.ts';
import { located } from './located.ts';

const SHIPPED = `
vocabulary: { disk: { raw: { container: raw }, vhd: { type: disk, container: vhd } }, container: { ova: { envelope: ova } } }
groups: { disk: { BOTH: [raw, vhd] } }
`;

function read(shipped: string, ...aliases: readonly string[]) {
  const problems: Problem[] = [];
  const entries = readMap(located(shipped), ['vocabulary', 'groups'], problems);
  const vocabulary = readVocabulary(entries, aliases.map(located), problems);
  return { vocabulary, problems: problems.map(({ expected, found }) => `${expected}, found ${found}`) };
}

describe('a vocabulary', () => {
  it('has words with meanings, groups and aliases', () => {
    const { vocabulary, problems } = read(SHIPPED, '{ disk: { " VPC": vhd } }');
    expect(problems).toEqual([]);
    expect(vocabulary.disk.words.get('vhd')).toEqual({ type: 'disk', container: 'vhd', envelope: null });
    expect(vocabulary.container.words.get('ova')).toEqual({ type: null, container: null, envelope: 'ova' });
    expect(vocabulary.disk.groups.get('BOTH')).toEqual(['raw', 'vhd']);
    expect([...vocabulary.disk.aliases]).toEqual([['vpc', 'vhd']]);
  });
  it('takes the alias of the earlier file', () => {
    const { vocabulary } = read(SHIPPED, '{ disk: { img: raw } }', '{ disk: { img: vhd } }');
    expect(vocabulary.disk.aliases.get('img')).toBe('raw');
  });
  it.each([
    ['vocabulary: { disk: { RAW: {} } }', [], 'a word in lower case without blanks, found "RAW"'],
    [SHIPPED, ['{ disk: { raw: vhd } }'], 'a word that the vocabulary does not have, found "raw"'],
    [SHIPPED, ['{ disk: { x: [raw, vhd] } }'], 'one word, found a list'],
    [SHIPPED, ['{ disk: { x: floppy } }'], 'one of raw, vhd, found "floppy"'],
    ['groups: { disk: { both: [] } }', [], 'a group name in capitals, other than NULL and UNKNOWN, found "both"'],
    ['groups: { disk: { "NULL": [] } }', [], 'a group name in capitals, other than NULL and UNKNOWN, found "NULL"'],
  ])('%s with %j is refused', (shipped, aliases, problem) => {
    expect(read(shipped, ...aliases).problems).toEqual([problem]);
  });
});
