import { describe, expect, it } from 'vitest';
import { readMember, type TarMember, walkTar, type WalkedTar } from '../../../../src/probe/envelopes/tar/member.ts';
import { perform } from '../../../../src/probe/perform/perform.ts';
import { memorySource } from '../../../support/images/memory-source.ts';
import { paxRecord, tarMember, tarOf, type MadeMember } from '../support/tar.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';

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

const LARGE_BUDGET = { requests: 1000, bytes: 1 << 30, expanded: 0, passed: 0 };

async function walked(bytes: Uint8Array, head = bytes.length, size: number | null = bytes.length): Promise<WalkedTar> {
  const file = { head: fieldsOf(bytes.subarray(0, head)), size };
  return perform(walkTar(file), memorySource(bytes), LARGE_BUDGET);
}

const names = ({ members }: WalkedTar): readonly string[] => members.map(({ name }) => name);

describe('a walk over an archive', () => {
  it('ends with the mark of two blocks, or with the file', async () => {
    const two = tarOf({ name: 'a', data: 'x' }, { name: 'b' });
    expect([names(await walked(two)), (await walked(two)).stopped]).toEqual([['a', 'b'], 'end']);
    const unended = two.subarray(0, -1024);
    expect((await walked(unended)).stopped).toBe('end');
    // Where the size of the file is not known, more may follow.
    expect((await walked(unended, unended.length, null)).stopped).toBe('unread');
  });
  it('ends at a header that is none, with the members before it', async () => {
    const broken = Buffer.concat([tarMember({ name: 'a' }), Buffer.alloc(512, 7)]);
    expect(await walked(broken)).toMatchObject({ stopped: 'unread', members: [{ name: 'a' }] });
    expect(await walked(tarMember({ name: 'a', size: 99_999 }))).toMatchObject({
      stopped: 'unread',
      members: [{ name: 'a' }],
    });
  });
  it('ends after 128 members, or 17 that lie behind the head', async () => {
    const many = tarOf(...Array.from({ length: 130 }, (_, index) => ({ name: `${index}` })));
    expect([(await walked(many)).members.length, (await walked(many)).stopped]).toEqual([128, 'limit']);
    expect((await walked(many, 1024)).members).toHaveLength(1 + 17);
  });
});
