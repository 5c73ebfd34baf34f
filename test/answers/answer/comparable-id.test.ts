import { expect, it } from 'vitest';

import { comparableId } from '../../../src/answers/answer/comparable-id.ts';

it.each([
  ['4F0C5A52-9D3E-4A8B-B0D4-0A1F6D2C7E11', '4f0c5a52-9d3e-4a8b-b0d4-0a1f6d2c7e11'],
  ['4f0c5a52-9d3e-4a8b-b0d4-0a1f6d2c7e11', '4f0c5a52-9d3e-4a8b-b0d4-0a1f6d2c7e11'],
  // One digit short of a UUID, a number of Cactus, a name that a site made up.
  ['4F0C5A52-9D3E-4A8B-B0D4-0A1F6D2C7E1', '4F0C5A52-9D3E-4A8B-B0D4-0A1F6D2C7E1'],
  ['17', '17'],
  ['Web-Server', 'Web-Server'],
])('compares %s as %s', (id, form) => {
  expect(comparableId(id)).toBe(form);
});
