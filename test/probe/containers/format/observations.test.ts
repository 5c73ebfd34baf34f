import { expect, it } from 'vitest';
import { Observations } from '../../../../src/probe/containers/format/observations.ts';

it('keeps evidence in order, without repeats', () => {
  const notes = new Observations();
  notes.saw(8, 'a');
  notes.saw(0, 'b');
  notes.saw(8, 'a');
  notes.saw(8, 'b');

  expect(notes.evidence()).toEqual([
    { offset: 8, detail: 'a' },
    { offset: 0, detail: 'b' },
    { offset: 8, detail: 'b' },
  ]);
});

it('sorts codes and names each once', () => {
  const notes = new Observations();
  notes.warn('TRUNCATED', 0, 'a');
  notes.warn('DIRTY', 1, 'b');
  notes.warn('TRUNCATED', 2, 'c');

  expect(notes.safety()).toEqual(['DIRTY', 'TRUNCATED']);
});

it('bounds the evidence, and no code is lost to the bound', () => {
  const notes = new Observations();
  for (let offset = 0; offset < 100; offset += 1) notes.saw(offset, 'again');
  notes.warn('DIRTY', 100, 'too late for evidence');

  expect(notes.evidence()).toHaveLength(24);
  expect(notes.safety()).toEqual(['DIRTY']);
});
