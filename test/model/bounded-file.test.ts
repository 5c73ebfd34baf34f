import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

import { readBounded } from '../../src/model/bounded-file.ts';

function file(content: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'bounded-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'file'), content);
  return path.join(folder, 'file');
}

it.each([0, 1, 65_536, 65_537, 200_000])('a file of %i bytes is read in full where that many are allowed', (length) => {
  expect(readBounded(file('x'.repeat(length)), length).toString()).toBe('x'.repeat(length));
});

it('one byte more is refused with EFBIG, and so is a file without an end', () => {
  expect(() => readBounded(file('xx'), 1)).toThrow(expect.objectContaining({ code: 'EFBIG' }));
  expect(() => readBounded('/dev/zero', 1_000_000)).toThrow(expect.objectContaining({ code: 'EFBIG' }));
});

it('a missing file keeps the code of the system', () => {
  expect(() => readBounded('/no/such/file', 10)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
});
