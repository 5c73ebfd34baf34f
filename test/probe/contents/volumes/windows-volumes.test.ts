import { describe, expect, it } from 'vitest';
import { itRecognises } from '../support/formats.ts';
import { bytesWith, le, type Patch, patched, verdictOf, windowOf } from '../support/windows.ts';

const BITLOCKER_ID = [0x3b, 0xd6, 0x67, 0x49, 0x29, 0x2e, 0xd8, 0x4a, 0x83, 0x99, 0xf6, 0xa3, 0x39, 0xe3, 0xd0, 0x01];

const NTFS: readonly Patch[] = [
  [3, 'NTFS    '],
  [11, le(512, 2)],
  [13, [8]],
  [40, le(2048n, 8)],
  [48, le(4n, 8)],
];

/** exFAT with sectors of 512 bytes and the checksum of its first eleven sectors in the twelfth. */
function exfat(patches: readonly Patch[]): Uint8Array {
  const bytes = bytesWith([[3, 'EXFAT   '], [72, le(2048n, 8)], [108, [9, 3, 1]], [510, [0x55, 0xaa]], ...patches]);
  let sum = 0;
  for (let index = 0; index < 11 * 512; index += 1) {
    if (index === 106 || index === 107 || index === 112) continue;
    sum = (((sum << 31) | (sum >>> 1)) + (bytes[index] ?? 0)) >>> 0;
  }
  return patched(bytes, [[11 * 512, le(sum, 4)]]);
}

describe('volumes of Windows', () => {
  itRecognises([
    [
      'filesystem certain NTFS',
      NTFS,
      [11, le(500, 2)],
      [13, [3]],
      [14, [1]],
      [22, [1]],
      [32, [1]],
      [40, le(0n, 8)],
      [48, le(0n, 8)],
    ],
    ['filesystem certain exFAT', exfat([]), [200, [1]], [20, [1]], [108, [13]], [110, [3]], [3, 'EXFAT  x']],
    ['encrypted BitLocker', [[3, '-FVE-FS-']]],
    [
      'encrypted BitLocker',
      [
        [3, 'MSWIN4.1'],
        [424, BITLOCKER_ID],
      ],
    ],
  ]);

  it('exFAT leaves volume flags and the share in use out of the checksum', () => {
    const mounted = patched(exfat([]), [
      [106, [2, 0]],
      [112, [80]],
    ]);
    expect(verdictOf(windowOf(mounted))).toBe('filesystem certain exFAT');
  });
  it('exFAT whose checksum lies behind the window is likely', () => {
    expect(verdictOf(windowOf(exfat([]).slice(0, 11 * 512 + 3)))).toBe('filesystem likely exFAT');
  });
  it('exFAT with a wrong checksum is weak', () => {
    expect(verdictOf(windowOf(patched(exfat([]), [[300, [1]]])))).toBe('filesystem weak exFAT');
  });
});
