import type { ByteEvidence } from '../../model/verdict.ts';
import type { FileHead } from '../reading/file-head.ts';
import type { Judgement } from '../judgement/judgement.ts';
import type { Layer } from '../reading/layer.ts';
import type { Reading } from '../reading/reading.ts';

/** Judges a layer inside; reads it at offsets of its own. Given to envelopes by the verdict, which knows all formats. */
type Judge = (inner: Layer) => Reading<Judgement>;

/** What an envelope is opened with. */
export interface Wrapped {
  readonly file: FileHead;
  /** Wrappers taken off to come here. */
  readonly depth: number;
  readonly judge: Judge;
}

/** A wrapper that is recognised by its first bytes: an archive, compressed data, a package descriptor. */
export interface EnvelopeFormat {
  readonly recognise: (file: FileHead) => EnvelopeSign | null;
  /** Null: what looked like this envelope is not one. `Unreadable` is thrown by reads only. */
  readonly open: (wrapped: Wrapped) => Reading<Judgement | null>;
}

export interface EnvelopeSign extends ByteEvidence {
  /** `strong`: with any other reading of the same bytes it makes a polyglot; `weak`: any other reading goes before it. */
  readonly magic: 'strong' | 'weak';
}
