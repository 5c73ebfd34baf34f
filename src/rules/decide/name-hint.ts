import type { ImageType } from '../../model/vocabulary.ts';
import { looksLikeIso } from './property-token.ts';
import { foldWord } from '../../model/fold-word.ts';

/** What an image's name looks like. It is only a hint. */
export type NameHint = Extract<ImageType, 'kernel' | 'ramdisk' | 'filesystem' | 'iso9660'>;

/** Longer names are cut, because a name is untrusted text. */
const LOOKED_AT = 255;
/** Nearly every name fails this test, which keeps the other patterns off the hot path. */
const WORTH_A_LOOK = /iso|dvd|netinst|vmlinu|kernel|aki|init|ramdisk|ari|rootfs|\.ext/i;

export function nameHint(name: string | null): NameHint | null {
  if (name === null || !WORTH_A_LOOK.test(name.length > LOOKED_AT ? name.slice(0, LOOKED_AT) : name)) return null;
  const folded = foldWord(name.slice(0, LOOKED_AT));
  if (/initrd|initramfs|(?<![a-z])ramdisk|(?<![a-z])ari(?![a-z])/.test(folded)) return 'ramdisk';
  if (/vmlinu[xz]|-kernel|^kernel|(?<![a-z])aki(?![a-z])/.test(folded)) return 'kernel';
  if (looksLikeIso(folded)) return 'iso9660';
  if (/rootfs|\.ext[234](?![a-z0-9])/.test(folded)) return 'filesystem';
  return null;
}
