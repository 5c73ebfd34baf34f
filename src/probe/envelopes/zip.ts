import { labelled, undetermined, type Judgement } from '../judgement.ts';
import { openPlaintext, within } from '../layer.ts';
import { Unreadable, type Reading } from '../reading.ts';
import { judgePlaintext } from './compressed.ts';
import type { EnvelopeFormat, Wrapped } from './envelope.ts';

/** Local file header. Source: PKWARE APPNOTE.TXT 4.3.7. */
const HEADER_LENGTH = 30;
const STORED = 0;
const DEFLATED = 8;

/** The first member of a zip archive; Glance unpacks archives with one member when they are imported. */
export const ZIP_FORMAT: EnvelopeFormat = {
  recognise: ({ head }) =>
    head.is(0, 'PK\x03\x04') && head.has(0, HEADER_LENGTH) && head.u16le(4) < 256
      ? { offset: 0, detail: 'zip archive', magic: 'strong' }
      : null,
  open: openZip,
};

function* openZip(wrapped: Wrapped): Reading<Judgement> {
  const { head } = wrapped.file;
  const isEncrypted = (head.u16le(6) & 1) !== 0;
  const method = head.u16le(8);
  const start = HEADER_LENGTH + head.u16le(26) + head.u16le(28);
  if (isEncrypted) return undetermined('encrypted', 'raw', { envelope: 'compressed', safety: ['ENCRYPTED_CONTENT'] });
  if (start >= head.length) return undetermined('not recognised', 'raw', { envelope: 'compressed' });
  if (method === STORED) return yield* judgeStored(wrapped, start);
  if (method !== DEFLATED)
    return undetermined(`no decoder for zip method ${method}`, 'raw', { envelope: 'compressed' });
  try {
    const plaintext = yield* openPlaintext('deflate-raw', head.bytes.subarray(start), 'cut');
    const inner = yield* judgePlaintext(plaintext, wrapped);
    return { ...inner, envelope: inner.containerType === null ? inner.envelope : 'compressed' };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return undetermined('compressed data that cannot be expanded', 'raw', { envelope: 'compressed' });
  }
}

function* judgeStored({ file, depth, judge }: Wrapped, start: number): Reading<Judgement> {
  const size = file.head.u32le(18);
  const known = size > 0 && size < 0xffff_ffff ? size : null;
  const length = known ?? Number.MAX_SAFE_INTEGER - start;
  const inner = yield* within(judge({ size: known, depth: depth + 1, bytes: 'cheap' }), start, length);
  return { ...inner, evidence: labelled('zip member', inner.evidence), envelope: 'compressed' };
}
