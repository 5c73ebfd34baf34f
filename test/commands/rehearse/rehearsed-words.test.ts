import { describe, expect, it } from 'vitest';

import { rehearsedWords } from '../../../src/commands/rehearse/rehearsed-words.ts';

const OFF = { mode: 'off', notes: [] } as const;

describe('rehearsedWords', () => {
  it('gives each command what it takes, and none the source', () => {
    const given = {
      databaseUrl: 'mysql://glance:secret@db/glance',
      rules: ['a.yaml', 'b.yaml'],
      answers: 'answers.yaml',
      batchSize: '300',
      lanes: 2,
      maxLatency: '50',
      target: 'table',
    } as const;
    expect(rehearsedWords(given, OFF, null)).toEqual({
      commands: {
        expand: ['expand', '--target', 'table', '--yes'],
        migrate: [
          'migrate',
          '--rules',
          'a.yaml',
          '--rules',
          'b.yaml',
          '--answers',
          'answers.yaml',
          '--probe',
          'off',
          '--batch-size',
          '300',
          '--lanes',
          '2',
          '--max-latency',
          '50',
          '--yes',
        ],
        verify: ['verify', '--rules', 'a.yaml', '--rules', 'b.yaml', '--answers', 'answers.yaml', '--probe', 'off'],
        rollback: ['rollback', '--batch-size', '300', '--yes'],
      },
      pace: ['--batch-size', '300', '--lanes', '2', '--max-latency', '50'],
    });
  });

  it('names the stores that the configuration named, and never a token', () => {
    const choice = {
      mode: 'undecided',
      stores: ['/var/lib/glance/images', '/mnt/b'],
      imageApi: null,
      reads: { kind: 'fixed', reads: 2 },
      cacheFile: null,
      notes: [],
    } as const;
    const { commands } = rehearsedWords({ probeCache: 'off', probeJobs: '2', osToken: 'secret' }, choice, null);
    expect(commands.verify).toEqual([
      'verify',
      '--probe',
      'undecided',
      '--store-path',
      '/var/lib/glance/images',
      '--store-path',
      '/mnt/b',
      '--probe-jobs',
      '2',
      '--probe-cache',
      'off',
    ]);
  });

  it.each([
    [{}, { kind: 'table' }, ['expand', '--target', 'table', '--yes']],
    [
      {},
      { kind: 'columns', names: { imageType: 'a', containerType: 'b', envelope: 'c' } },
      ['expand', '--target', 'columns', '--column-names', 'a,b,c', '--yes'],
    ],
    [{ target: 'columns' }, { kind: 'table' }, ['expand', '--target', 'columns', '--yes']],
    [{ columnNames: 'x,y,z' }, { kind: 'table' }, ['expand', '--column-names', 'x,y,z', '--yes']],
  ] as const)('expands as the source was, unless told otherwise: %j', (given, expanded, words) => {
    expect(rehearsedWords(given, OFF, expanded).commands.expand).toEqual(words);
  });
});
