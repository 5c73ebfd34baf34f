import { TAR_FORMAT } from './tar/archive.ts';
import { CLOSED_FORMATS, DESCRIPTOR_FORMAT, FOREIGN_FORMAT } from './closed-formats.ts';
import { COMPRESSED_FORMATS } from './compressed.ts';
import type { EnvelopeFormat } from './format/envelope.ts';
import { ZIP_FORMAT } from './zip/zip.ts';

/** Every envelope format. All are tried; two strong signs in one file make a polyglot. */
export const ENVELOPE_FORMATS: readonly EnvelopeFormat[] = [
  TAR_FORMAT,
  ...COMPRESSED_FORMATS,
  ZIP_FORMAT,
  DESCRIPTOR_FORMAT,
  FOREIGN_FORMAT,
  ...CLOSED_FORMATS,
];
