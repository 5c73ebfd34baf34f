import { recogniseForeign } from '../containers/foreign.ts';
import { latin1, type Fields } from '../reading/fields.ts';
import { ofTypeOther, undetermined, type Judgement } from '../judgement/judgement.ts';
import type { Reading } from '../reading/reading.ts';
import { refutedFormats } from '../judgement/refuted-formats.ts';
import type { EnvelopeFormat, EnvelopeSign } from './format/envelope.ts';

/** An envelope that is recognised and not opened. */
interface ClosedFormat {
  readonly name: string;
  readonly magic: EnvelopeSign['magic'];
  readonly isThere: (head: Fields) => boolean;
  /**
   * `compressed`: an image may be inside, but there is no decoder. `archive`: an image may be among the files.
   * `package`: software.
   */
  readonly kind: 'compressed' | 'archive' | 'package';
}

/** Sources: file(1), magic/Magdir/archive and compress; lzop 1.04; Glance's decompression plugin for lha. */
const CLOSED: readonly ClosedFormat[] = [
  {
    name: 'lzop data',
    magic: 'strong',
    kind: 'compressed',
    isThere: (head) => head.is(0, [0x89, 0x4c, 0x5a, 0x4f, 0, 0x0d, 0x0a, 0x1a, 0x0a]),
  },
  {
    name: 'lha archive',
    magic: 'weak',
    kind: 'compressed',
    isThere: (head) => head.has(0, 7) && /^-l[hz][0-9ds]-$/u.test(head.text(2, 7)),
  },
  {
    name: '7z archive',
    magic: 'strong',
    kind: 'archive',
    isThere: (head) => head.is(0, [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]),
  },
  { name: 'rar archive', magic: 'strong', kind: 'archive', isThere: (head) => head.is(0, 'Rar!\x1a\x07') },
  { name: 'cabinet', magic: 'weak', kind: 'archive', isThere: (head) => head.is(0, 'MSCF\0\0\0\0') },
  { name: 'ar archive', magic: 'strong', kind: 'package', isThere: (head) => head.is(0, '!<arch>\n') },
  { name: 'rpm package', magic: 'weak', kind: 'package', isThere: (head) => head.is(0, [0xed, 0xab, 0xee, 0xdb]) },
];

export const CLOSED_FORMATS: readonly EnvelopeFormat[] = CLOSED.map(({ name, magic, isThere, kind }) => ({
  recognise: ({ head }) => (isThere(head) ? { offset: 0, detail: name, magic } : null),
  open: () =>
    asJudged(
      kind === 'compressed'
        ? undetermined(`no decoder for ${name}`, 'raw', { envelope: 'compressed' })
        : ofTypeOther(null, kind === 'archive' ? 'weak' : 'likely', []),
    ),
}));

/**
 * An OVF descriptor alone: a text about disks in other files. Sources of the namespaces: DSP0243 1.x and 2.x,
 * "OVF envelope"; version 0.9, which VMware published before the standard (glennmatthews/cot, COT/vm_description/ovf).
 */
export const DESCRIPTOR_FORMAT: EnvelopeFormat = {
  recognise: ({ head }) => {
    const text = descriptorText(head.upTo(0, 8192));
    const isDescriptor =
      /^\s*<[?!a-z]/iu.test(text) &&
      /<(?:[\w.-]+:)?Envelope[\s>]/u.test(text) &&
      /schemas\.dmtf\.org\/ovf\/|www\.vmware\.com\/schema\/ovf\//u.test(text);
    return isDescriptor ? { offset: 0, detail: 'OVF descriptor without its disks', magic: 'strong' } : null;
  },
  open: ({ file }) => asJudged({ ...ofTypeOther('ovf', 'likely', []), refutes: refutedFormats(file, []) }),
};

/** Removes the byte-order mark and the zeros of UTF-16: names and namespace addresses are ASCII. */
function descriptorText(bytes: Uint8Array): string {
  const text = latin1(bytes).replace(/^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)/u, '');
  return /^(?:<\0|\0<)/u.test(text) ? text.replaceAll('\0', '') : text;
}

/** A reading that needs no further bytes. */
// oxlint-disable-next-line require-yield
function* asJudged(judgement: Judgement): Reading<Judgement> {
  return judgement;
}

/** Disk formats without a container type, saved machine states, partition images. */
export const FOREIGN_FORMAT: EnvelopeFormat = {
  recognise: (file) => {
    const found = recogniseForeign(file, null);
    return found === null ? null : { ...found.evidence, magic: 'strong' };
  },
  open: ({ file }) => asJudged({ ...ofTypeOther(null, 'likely', []), refutes: refutedFormats(file, []) }),
};
