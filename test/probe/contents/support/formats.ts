import { expect, it } from 'vitest';
import { bytesWith, patched, verdictOf, windowOf, type Patch } from './windows.ts';

/** The verdict on some bytes in one line, the bytes, and changes each of which leads to another verdict. */
export type Format = readonly [line: string, bytes: Uint8Array | readonly Patch[], ...near: readonly Patch[]];

/** Lengths at which windows are cut: within and behind headers. */
const CUTS = [1, 4, 12, 63, 512, 520, 1100, 4100, 8200, 8230];

const GUEST_SIZE = 64 * 1024 * 1024;

/** Tests that each format is recognised, that each change is noticed, and that a cut window throws nothing. */
export function itRecognises(formats: readonly Format[]): void {
  const cases = formats.map(([line, made, ...near]) => ({
    line,
    bytes: made instanceof Uint8Array ? made : bytesWith(made),
    near,
  }));
  it.each(cases)('$line', ({ line, bytes, near }) => {
    expect(verdictOf(windowOf(bytes, { guestSize: GUEST_SIZE }))).toBe(line);
    for (const patch of near) {
      const changed = windowOf(patched(bytes, [patch]), { guestSize: GUEST_SIZE });
      expect(verdictOf(changed), `changed at ${patch[0]}`).not.toBe(line);
    }
  });
  it.each(cases)('$line, cut anywhere, throws nothing', ({ bytes }) => {
    for (const end of CUTS) expect(() => verdictOf(windowOf(bytes.slice(0, end)))).not.toThrow();
  });
}

/** Tests that the magic of a format alone, among bytes that are no zeros, is no such format. */
export function itNeedsMoreThanTheMagic(formats: readonly Format[]): void {
  const cases = formats.flatMap(([line, made]) =>
    made instanceof Uint8Array || made.length < 2 ? [] : [{ line, magic: magicOf(made) }],
  );
  it.each(cases)('$line: the magic alone is nothing', ({ magic }) => {
    expect(verdictOf(windowOf(bytesWith([[0, new Uint8Array(1024).fill(1)], ...magic])))).toBe('unknown');
  });
}

/** The first patch that is long enough for a magic. */
function magicOf(patches: readonly Patch[]): readonly Patch[] {
  return patches.filter(([, data]) => typeof data === 'string' || data.length >= 4).slice(0, 1);
}
