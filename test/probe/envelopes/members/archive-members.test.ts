import { describe, expect, it } from 'vitest';
import {
  archiveJudgement,
  openFiles,
  type ArchiveFile,
  type ArchiveSeen,
  type OpenedFiles,
} from '../../../../src/probe/envelopes/members/archive-members.ts';
import { ofTypeOther, undetermined, type Judgement } from '../../../../src/probe/judgement/judgement.ts';
import { perform } from '../../../../src/probe/perform/perform.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { within } from '../../../../src/probe/reading/layer.ts';
import { Unreadable, type Reading } from '../../../../src/probe/reading/reading.ts';
import { memorySource } from '../../../support/images/memory-source.ts';

const LARGE = 64 * 1024;
const DISK: Judgement = { ...ofTypeOther(null, 'certain', []), imageType: 'disk' };
const NO_DISK = ofTypeOther(null, 'likely', []);
const UNKNOWN = undetermined('not recognised', 'raw');

/** Files one after another in a source; the judge knows them by their size. */
async function opened(judgements: readonly (readonly [size: number, inner: Judgement | 'unreadable'])[]): Promise<{
  readonly result: OpenedFiles;
  readonly roles: readonly string[];
}> {
  let at = 0;
  const files = judgements.map(([size], index): ArchiveFile => {
    const place = at;
    at += size;
    const over = <T>(reading: Reading<T>): Reading<T> => within(reading, place, size);
    return { name: `${index}`, size, place, bytes: 'near', over };
  });
  const bySize = new Map(judgements.map(([size, inner]) => [size, inner]));
  const result = await perform(
    openFiles(files, {
      file: { head: fieldsOf(new Uint8Array(0)), size: at },
      depth: 0,
      // oxlint-disable-next-line require-yield
      judge: function* ({ size }) {
        const inner = bySize.get(size ?? -1) ?? UNKNOWN;
        if (inner === 'unreadable') throw new Unreadable('truncated', 'for a test');
        return inner;
      },
    }),
    memorySource(new Uint8Array(at).fill(0xc1)),
  );
  return { result, roles: result.opened.map(({ role }) => role) };
}

describe('files of an archive', () => {
  it('are disks, none, hardly one, or may be one', async () => {
    const packed = undetermined('compressed data', 'raw', { envelope: 'compressed' });
    const { result, roles } = await opened([
      [LARGE, DISK],
      [LARGE + 1, NO_DISK],
      [LARGE + 2, UNKNOWN],
      [100, UNKNOWN],
      [101, packed],
      [LARGE + 3, packed],
    ]);
    expect(roles).toEqual(['disk', 'no disk', 'unknown', 'no disk', 'slight', 'unknown']);
    expect(result.reached).toBe('all');
  });
  it('that are large go first where there are too many', async () => {
    const small = Array.from({ length: 20 }, (_, index) => [100 + index, NO_DISK] as const);
    const { result, roles } = await opened([...small, [LARGE, DISK]]);
    expect(roles).toHaveLength(16);
    expect(roles.at(-1)).toBe('disk');
    expect(result.reached).toBe('all');
    const large = Array.from({ length: 17 }, (_, index) => [LARGE + index, NO_DISK] as const);
    expect((await opened(large)).result.reached).toBe('some');
  });
  it('that cannot be read leave a doubt if they are large', async () => {
    expect((await opened([[LARGE, 'unreadable']])).result.reached).toBe('some');
    expect((await opened([[100, 'unreadable']])).result.reached).toBe('all');
  });
  it('have evidence where they lie in the archive', async () => {
    const inner = ofTypeOther(null, 'likely', [{ offset: 5, detail: 'text' }]);
    const { result } = await opened([
      [100, NO_DISK],
      [200, inner],
    ]);
    expect(result.opened[1]?.inner.evidence).toEqual([{ offset: 105, detail: 'archive member: text', space: 'here' }]);
  });
});

const SEEN: ArchiveSeen = { content: 'files', end: 'seen', most: 'certain', envelope: 'tgz', files: 3 };
const of = (...roles: readonly ('disk' | 'no disk' | 'slight' | 'unknown')[]): OpenedFiles => ({
  opened: roles.map((role) => ({ role, inner: role === 'disk' ? DISK : role === 'no disk' ? NO_DISK : UNKNOWN })),
  reached: 'all',
  safety: [],
});

describe('the judgement on an archive', () => {
  it('is its disk, as certain as the archive was seen', () => {
    expect(archiveJudgement(of('no disk', 'disk'), SEEN)).toMatchObject({ imageType: 'disk', confidence: 'certain' });
    const unseen = archiveJudgement(of('disk'), { ...SEEN, end: 'unseen' });
    expect(unseen).toMatchObject({ imageType: 'disk', confidence: 'likely', envelope: 'tgz' });
    expect(archiveJudgement(of('unknown', 'disk'), SEEN)).toMatchObject({ imageType: 'disk', confidence: 'weak' });
  });
  it('is nothing where a file may be a disk', () => {
    expect(archiveJudgement(of('no disk', 'unknown'), SEEN)).toMatchObject({ imageType: null });
  });
  it('is other where there clearly is no disk', () => {
    expect(archiveJudgement(of('no disk'), SEEN)).toMatchObject({ imageType: 'other', confidence: 'likely' });
    expect(archiveJudgement(of('slight'), SEEN)).toMatchObject({ imageType: 'other', confidence: 'weak' });
    expect(archiveJudgement(of('no disk'), { ...SEEN, end: 'unseen' })).toMatchObject({ imageType: null });
    expect(archiveJudgement(of('no disk'), { ...SEEN, end: 'unseen', files: 16 })).toMatchObject({
      imageType: 'other',
      confidence: 'weak',
    });
  });
  it('of a package is its first file, whatever that is', () => {
    expect(archiveJudgement(of('unknown', 'no disk'), { ...SEEN, content: 'package' })).toMatchObject({
      imageType: null,
      why: 'not recognised',
      envelope: 'tgz',
    });
  });
  it('without an envelope is an archive, with a disk in it or not', () => {
    const bare = { ...SEEN, envelope: null };
    expect(archiveJudgement(of('disk'), bare)).toMatchObject({ imageType: 'other', envelope: null });
    expect(archiveJudgement(of('no disk'), bare)).toMatchObject({ imageType: 'other', alsoWrappedAs: ['docker'] });
  });
});
