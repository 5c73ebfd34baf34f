import { expect, it } from 'vitest';

import { createProbeTable } from '../../../src/commands/probe/table.ts';

it('only the first row has the title above it', () => {
  const row = createProbeTable('summary');
  const unread = { kind: 'unread', why: 'no such file' } as const;
  const [first, second] = [row({ source: 'a', content: unread }), row({ source: 'b', content: unread })];
  expect([first.split('\n').length - second.split('\n').length, second.includes('b')]).toEqual([1, true]);
  expect(first.endsWith(second.replace('b', 'a'))).toBe(true);
});
