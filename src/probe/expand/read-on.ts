/** How far a decoder filled its output. `ended`: by all that the input holds, and the input breaks off nowhere. */
export interface Expanded {
  readonly filled: number;
  readonly ended: boolean;
}

/** What came of one stream of several that follow each other. */
export interface OneStream {
  readonly filled: number;
  /** Where the stream ends, behind its beginning; null where the input or the output ends before, or it is broken. */
  readonly end: number | null;
}

/** Decodes the stream that begins at `at` into the output from `filled` on. */
export type StreamDecoder = (input: Uint8Array, at: number, output: Uint8Array, filled: number) => OneStream;

/**
 * Streams one after another, as the tools read them on: `cat a.xz b.xz` is a whole. An empty one may come first. What
 * is no further stream is left alone. Every stream has a header, so that the number of rounds is bounded by the input.
 *
 * @param decoderAt the decoder of the stream at an offset, null where none begins there.
 */
export function readOn(
  decoderAt: (input: Uint8Array, at: number) => StreamDecoder | null,
  input: Uint8Array,
  output: Uint8Array,
): Expanded {
  let at = 0;
  let filled = 0;
  for (;;) {
    const decode = decoderAt(input, at);
    if (decode === null) return { filled, ended: at > 0 };
    const stream = decode(input, at, output, filled);
    filled = stream.filled;
    if (stream.end === null || filled === output.length) return { filled, ended: false };
    at = stream.end;
  }
}

export function u32le(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0
  );
}
