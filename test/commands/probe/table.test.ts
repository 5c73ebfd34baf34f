import { expect, it } from 'vitest';

import { createProbeTable } from '../../../src/commands/probe/table.ts';
import { typed } from '../../rules/evidence-builder.ts';

it('only the first row has the title above it', () => {
  const row = createProbeTable('summary');
  const unread = { kind: 'unread', why: 'no such file' } as const;
  const [first, second] = ['a', 'b'].map((source) => row({ source, content: unread, services: null })) as [
    string,
    string,
  ];
  expect([first.split('\n').length - second.split('\n').length, second.includes('b')]).toEqual([1, true]);
  expect(first.endsWith(second.replace('b', 'a'))).toBe(true);
});

it('what the services do with a source stands under its row', () => {
  const { content } = typed('disk', 'raw', 'certain');
  const settings = { release: 'B', before: null, novaBackend: 'qcow2' };
  const services = [{ service: 'nova', now: { accepted: ['raw'], unknown: [] }, before: null }];
  const answer = { kind: 'words', containerFormat: 'bare', services } as const;
  const lines = createProbeTable('summary')({ source: 'a', content, services: { settings, answer, titles: {} } }).split(
    '\n',
  );
  expect(lines.slice(-3)).toEqual([
    expect.stringMatching(/^disk .* a$/u),
    '    OpenStack B, Nova backend qcow2: accepted disk formats, in container bare',
    '      nova  raw',
  ]);
});
