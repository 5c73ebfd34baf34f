import { describe, expect, it } from 'vitest';
import { walkTar, type WalkedTar } from '../../../../src/probe/envelopes/tar/walk.ts';
import { perform } from '../../../../src/probe/perform/perform.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { memorySource } from '../../../support/images/memory-source.ts';
import { tarMember, tarOf } from '../support/tar.ts';

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
