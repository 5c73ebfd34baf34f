import { describe, expect, it } from 'vitest';
import { Observations } from '../../../../src/probe/containers/format/observations.ts';
import { inspectName, isRemoteName } from '../../../../src/probe/containers/format/remote-name.ts';
import { readOver } from '../../reading-over.ts';

describe('a name', () => {
  it.each(['nbd:unix', 'json:{}', 'http://host/x', ':'])('%s is an address', (name) => {
    expect(isRemoteName(Buffer.from(name))).toBe(true);
  });

  it.each(['base.img', '/var/a:b', './a:b', '', 'a\0b:c'])('%j is a path', (name) => {
    expect(isRemoteName(Buffer.from(name))).toBe(false);
  });
});

describe('a name in a file', () => {
  const file = Buffer.from('....nbd:x');

  it('is noted at its place and not kept', () => {
    const notes = new Observations();
    readOver(file, inspectName(4n, 5, notes));
    expect(notes.evidence()).toEqual([{ offset: 4, detail: 'a file name that is an address or a json: description' }]);
    expect(notes.safety()).toEqual(['REMOTE_NAME']);
  });

  it('is not read beyond 2 MiB, nor longer than QEMU reads it', () => {
    const notes = new Observations();
    expect(readOver(file, inspectName(2n ** 21n + 1n, 5, notes)).asked).toEqual([]);
    expect(readOver(file, inspectName(0n, 5000, notes)).asked).toEqual([[0, 1023]]);
    expect(notes.safety()).toEqual(['REMOTE_NAME']);
  });
});
