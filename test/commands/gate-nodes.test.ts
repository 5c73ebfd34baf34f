import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { knownWords, nodeFiles, readNodes, withDefaults } from '../../src/commands/gate-nodes.ts';
import { table } from '../rules/evidence-builder.ts';
import { refusal } from './support/refusal.ts';

describe('the files of the nodes', () => {
  it.each([
    [{}, []],
    [
      { nodeConf: ['a,b.d', 'c'] },
      [
        ['a,b.d', ['a', 'b.d']],
        ['c', ['c']],
      ],
    ],
    [{ glanceConf: ['a', 'b.d'] }, [['a,b.d', ['a', 'b.d']]]],
    [{ glanceConf: ['g'], nodeConf: ['n'] }, [['n', ['n']]]],
  ])('of %j', (given, nodes) => {
    expect(nodeFiles(given).map(({ name, layers }) => [name, layers])).toEqual(nodes);
  });

  it.each(['a,', ',a', 'a,,b'])('%s has a layer without a name', (name) => {
    expect(refusal(() => nodeFiles({ nodeConf: [name] }))[0]).toBe(`--node-conf ${name}`);
  });
});

it('a node accepts what its last layer says, and else what Glance does', () => {
  const folder = mkdtempSync(join(tmpdir(), 'glance-retype-nodes-'));
  const conf = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const layers = [
    conf('a.conf', '[image_format]\ndisk_formats = raw\n'),
    conf('b.conf', '[image_format]\ndisk_formats = iso,raw\n'),
  ];
  const [node] = withDefaults(readNodes([{ name: 'n', layers, environment: {} }]), 'newest');
  expect(node).toMatchObject({
    name: 'n',
    disk: ['iso', 'raw'],
    diskPlace: expect.stringContaining('b.conf:2') as string,
    containerPlace: null,
  });
  expect(node?.container).toContain('bare');
});

it.each([
  ['disk', 'qcow2', true],
  ['disk', 'vpc', false],
  ['container', 'ova', true],
  ['container', 'qcow2', false],
] as const)('the rules know the %s format %s: %s', (column, word, known) => {
  expect(knownWords(table)(column, word)).toBe(known);
});
