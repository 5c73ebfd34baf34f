import type { LayerFacts } from '../../model/inspection.ts';
import { latin1 } from '../reading/fields.ts';
import { descriptorFacts, isSpace } from './vmdk-text.ts';
import { seenAt, type SeenBytes } from './seen-bytes.ts';

const SECTOR = 512;
/** Bytes of the step in which Nova and Ironic read. All that they see of a text lies in the first. */
const FIRST_READ = 4096;
/** A shorter file never completes the header that is tested for text. */
const SHORTEST = 64;

type TextFacts = Pick<LayerFacts, 'text' | 'text-ends' | 'text-create-type' | 'vmdk-descriptor' | 'vmdk-create-type'>;

const NO_TEXT: TextFacts = { text: 'none' };
const UNSEEN: TextFacts = { text: null, 'text-ends': null, 'text-create-type': null };

/**
 * Facts of a file that may be a descriptor of VMDK in a file of its own (oslo.utils, format_inspector.py,
 * VMDKInspector): text in its first sector, then whatever the first step of reading brings, up to a NUL.
 */
export function textFacts(seen: SeenBytes): TextFacts {
  const { bytes, size } = seen;
  const sector = bytes.subarray(0, SECTOR);
  if (size !== null && size < SHORTEST) return NO_TEXT;
  if (!sector.every(isTextByte) || latin1(sector, 0, 4) === 'KDMV') return NO_TEXT;
  if (seenAt(seen, 0, FIRST_READ) === null) return UNSEEN;
  const step = bytes.subarray(0, FIRST_READ);
  const nul = step.indexOf(0);
  const known = step.subarray(0, nul < 0 ? step.length : nul);
  const ends = nul >= 0 || size === step.length;
  if (known.some((byte) => byte >= 0x80)) return { text: 'ascii-then-other', 'text-ends': ends };
  const facts = { text: 'ascii', 'text-ends': ends } as const;
  const { 'vmdk-create-type': type, 'vmdk-descriptor': fault } = descriptorFacts(known);
  if (type === 'none') return { ...facts, 'text-create-type': false };
  return { ...facts, 'text-create-type': true, 'vmdk-descriptor': fault, 'vmdk-create-type': type };
}

/** ASCII that Python calls printable or white space. */
function isTextByte(byte: number): boolean {
  return (byte >= 0x20 && byte <= 0x7e) || isSpace(byte);
}
