import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

import { watchPauseFile } from '../../../src/run/steering/pause-file.ts';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'glance-retype-pause-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

describe('a pause file', () => {
  it('holds while it exists, whatever it is', async () => {
    const directory = folder();
    const path = join(directory, 'pause');
    const file = watchPauseFile(path);
    expect(await file.hold()).toBeNull();
    writeFileSync(path, '');
    expect(await file.hold()).toEqual({
      reason: 'pause-file',
      key: 'exists',
      text: `paused: ${path} exists; the run goes on when it is removed`,
      reading: null,
      limit: null,
      ageMs: null,
    });
    rmSync(path);
    expect(await file.hold()).toBeNull();
    symlinkSync('/nowhere', path);
    expect((await file.hold())?.key).toBe('exists');
  });

  it('holds where nobody can tell whether it exists', async () => {
    const directory = folder();
    writeFileSync(join(directory, 'file'), '');
    const path = join(directory, 'file', 'pause');
    expect((await watchPauseFile(path).hold())?.text).toBe(`paused: cannot see whether ${path} exists (ENOTDIR)`);
    const loop = join(directory, 'loop');
    symlinkSync('loop', loop);
    expect((await watchPauseFile(join(loop, 'pause')).hold())?.key).toBe('ELOOP');
  });

  it('never holds where none was named', async () => {
    expect(await watchPauseFile(null).hold()).toBeNull();
  });
});
