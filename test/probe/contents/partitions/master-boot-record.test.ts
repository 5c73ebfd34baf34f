import { describe, expect, it } from 'vitest';
import { mbrEntries } from '../../../../src/probe/contents/partitions/master-boot-record.ts';
import { recogniseContent } from '../../../../src/probe/contents/recognise.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { bytesWith, le, type Patch, patched, verdictOf, windowOf } from '../support/windows.ts';

const SIZE = 64 * 1024 * 1024;

/** One entry of type 83 from sector 2048 on, 4096 sectors long. */
const MBR = bytesWith([
  [446, [0, 1, 2, 3, 0x83, 4, 5, 6, ...le(2048, 4), ...le(4096, 4)]],
  [510, [0x55, 0xaa]],
]);

describe('a master boot record', () => {
  it('has four entries', () => {
    const entries = mbrEntries(fieldsOf(MBR));
    expect(entries).toHaveLength(4);
    expect(entries?.[0]).toEqual({ boot: 0, startChs: [1, 2, 3], type: 0x83, start: 2048, sectors: 4096 });
    expect(mbrEntries(fieldsOf(MBR.slice(0, 511)))).toBeNull();
  });
  const changes: readonly (readonly [string, Patch, string])[] = [
    ['nothing changed', [0, [0]], 'disk likely MBR'],
    ['an active entry', [446, [0x80]], 'disk likely MBR'],
    ['a boot mark that is none', [446, [0x81]], 'unknown'],
    ['no entry in use', [450, [0]], 'unknown'],
    ['an empty entry', [458, [0, 0, 0, 0]], 'unknown'],
    ['an entry from sector 0', [454, [0, 0, 0, 0]], 'unknown'],
    ['no signature', [510, [0, 0]], 'unknown'],
    ['a second entry with an odd boot mark', [462, [0x12]], 'unknown'],
    ['an entry that protects a GPT', [450, [0xee]], 'disk weak protective MBR'],
  ];
  it.each(changes)('with %s', (_, patch, line) => {
    expect(verdictOf(windowOf(patched(MBR, [patch]), { guestSize: SIZE }))).toBe(line);
  });
  it('whose partition begins behind the image was cut, one that begins in its last sector was not', () => {
    expect(recogniseContent(windowOf(MBR, { guestSize: 2048 * 512 }))).toMatchObject({
      confidence: 'weak',
      safety: ['TRUNCATED'],
    });
    expect(recogniseContent(windowOf(MBR, { guestSize: 2049 * 512 }))).toMatchObject({
      confidence: 'likely',
      safety: [],
    });
  });
  it('counts in sectors of the guest', () => {
    const known = { guestSize: 2049 * 512, sectorSize: 4096 };
    expect(verdictOf(windowOf(MBR, known))).toBe('disk weak MBR');
  });
  it('tells of an extended partition', () => {
    for (const type of [0x05, 0x0f, 0x85]) {
      expect(recogniseContent(windowOf(patched(MBR, [[450, [type]]])))).toHaveProperty(
        'evidence.0.detail',
        'MBR: 1 entry, one extended',
      );
    }
  });
});
