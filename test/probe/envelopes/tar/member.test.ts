import { describe, expect, it } from 'vitest';
import { readMember, type TarMember } from '../../../../src/probe/envelopes/tar/member.ts';
import { perform } from '../../../../src/probe/perform/perform.ts';
import { memorySource } from '../../../support/images/memory-source.ts';
import { paxRecord, tarMember, tarOf, type MadeMember } from '../support/tar.ts';

const memberOf = async (...members: readonly MadeMember[]): Promise<TarMember | null> =>
  perform(readMember(0), memorySource(tarOf(...members)));

describe('a member', () => {
  it('has data behind its header, and the next header behind these', async () => {
    expect(await memberOf({ name: './a', data: 'x'.repeat(513) })).toEqual({
      name: 'a',
      kind: 'file',
      link: '',
      offset: 512,
      size: 513,
      sparse: null,
      next: 512 + 1024,
    });
  });
  it('has a long name and a long link in headers before it', async () => {
    const name = 'd/'.repeat(100);
    const read = await memberOf(
      { name: '././@LongLink', type: 'L', data: `${name}\0` },
      { name: '././@LongLink', type: 'K', data: 'target\0' },
      { name: 'cut', type: '2' },
    );
    expect(read).toMatchObject({ name, link: 'target', kind: 'symbolic-link' });
    expect(await memberOf({ name: 'x', type: 'L', data: 'a' }, { name: 'b', type: '2', link: 'c' })).toMatchObject({
      name: 'a',
      link: 'c',
      kind: 'symbolic-link',
    });
  });
  it('has what extended headers say, for it alone', async () => {
    const records = paxRecord('path', 'p') + paxRecord('linkpath', 'l') + paxRecord('size', '7');
    expect(await memberOf({ name: 'x', type: 'x', data: records }, { name: 'b', size: 3 })).toMatchObject({
      name: 'p',
      link: 'l',
      size: 7,
    });
    expect(await memberOf({ name: 'x', type: 'g', data: records }, { name: 'b', size: 3 })).toMatchObject({
      name: 'b',
      size: 3,
    });
  });
  it.each([
    ['0', 'file'],
    ['\0', 'file'],
    ['7', 'file'],
    ['1', 'hard-link'],
    ['2', 'symbolic-link'],
    ['3', 'other'],
    ['5', 'directory'],
    ['V', 'other'],
    ['Z', 'file'],
  ])('of type %j is a %s', async (type, kind) => {
    expect(await memberOf({ name: 'a', type })).toMatchObject({ kind });
  });
  it('that is a hard link has no data, whatever its size', async () => {
    expect(await memberOf({ name: 'a', type: '1', size: 5000 })).toMatchObject({ size: 0, next: 512 });
  });
  it('is none behind six headers that describe it, nor without a right sum', async () => {
    const long = { name: 'x', type: 'L', data: 'a' } as const;
    expect(await memberOf(long, long, long, long, long, { name: 'b' })).toMatchObject({ name: 'a' });
    expect(await memberOf(long, long, long, long, long, long, { name: 'b' })).toBeNull();
    expect(await perform(readMember(0), memorySource(new Uint8Array(1024)))).toBeNull();
  });
  it('cannot be read where the archive ends within it', async () => {
    const cut = memorySource(tarMember({ name: 'a' }).subarray(0, 500));
    await expect(perform(readMember(0), cut)).rejects.toMatchObject({ reason: 'truncated' });
  });
});
