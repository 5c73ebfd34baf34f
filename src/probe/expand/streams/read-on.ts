/** Result of decoding all streams of an input. */
export interface Expanded {
  /** Bytes of output written. */
  readonly filled: number;
  /** Whether the streams ended before the output was full, and the last one is complete. */
  readonly ended: boolean;
}

/** Result of decoding one of several concatenated streams. */
export interface OneStream {
  readonly filled: number;
  /** First offset behind the stream; null where the input or the output ends first, or the stream is broken. */
  readonly end: number | null;
}

/** Decodes the stream at offset `at` and appends to the output at `filled`. */
export type StreamDecoder = (input: Uint8Array, at: number, output: Uint8Array, filled: number) => OneStream;

/**
 * Decodes concatenated streams one after another, as the compression tools do (`cat a.xz b.xz`). An empty stream may
 * come first. It stops at bytes that begin no stream. Each stream has a header, so the input bounds the number of
 * rounds.
 *
 * @param decoderAt returns the decoder for the stream at an offset, or null where no stream begins.
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
