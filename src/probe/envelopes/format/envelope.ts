import type { ByteEvidence } from '../../../model/verdict.ts';
import type { FileHead } from '../../reading/fields.ts';
import type { Judgement } from '../../judgement/judgement.ts';
import type { Layer } from '../../reading/layer.ts';
import type { Reading } from '../../reading/reading.ts';

/** Judges a layer inside, whose offsets begin at 0. The caller passes it in, because it knows all formats. */
type Judge = (inner: Layer) => Reading<Judgement>;

/** An envelope and what is needed to open it. */
export interface Wrapped {
  readonly file: FileHead;
  /** Number of envelopes around this one. */
  readonly depth: number;
  readonly judge: Judge;
}

/** An envelope format: an archive, compressed data, a package descriptor. */
export interface EnvelopeFormat {
  readonly recognise: (file: FileHead) => EnvelopeSign | null;
  /** Returns null where the file turns out not to be this envelope. Throws `Unreadable` only where a read does. */
  readonly open: (wrapped: Wrapped) => Reading<Judgement | null>;
}

export interface EnvelopeSign extends ByteEvidence {
  /** `strong`: any other format in the same bytes makes a polyglot; `weak`: any other format takes precedence. */
  readonly magic: 'strong' | 'weak';
}
