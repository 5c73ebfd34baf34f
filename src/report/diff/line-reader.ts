import { isUtf8 } from 'node:buffer';

export type TextLine =
  | { readonly kind: 'text'; readonly text: string }
  /** Not UTF-8, or longer than any line of ours: its text is not known. */
  | { readonly kind: 'not-text' }
  | { readonly kind: 'too-long' };

/**
 * Bytes of a line, inclusive. A record has some hundred bytes; the summary of a JSON document is longer but bounded.
 */
const LONGEST = 8 * 1024 * 1024;
const LINE_FEED = 0x0a;

/**
 * Splits bytes into lines. A line that is too long ends the reading.
 *
 * @param onEnd gets whether the last line had its line feed.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  onEnd: (last: 'ended' | 'cut') => void,
): AsyncGenerator<readonly TextLine[], void, undefined> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  for await (const chunk of chunks) {
    const lines: TextLine[] = [];
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, from)) {
      const part = chunk.subarray(from, at);
      lines.push(textLine(heldBytes === 0 ? part : Buffer.concat([...held, part])));
      held = [];
      heldBytes = 0;
      from = at + 1;
    }
    if (from < chunk.length) {
      // Copied, because a part would keep the whole chunk alive.
      held.push(Uint8Array.from(chunk.subarray(from)));
      heldBytes += chunk.length - from;
    }
    if (heldBytes > LONGEST) {
      yield [...lines, { kind: 'too-long' }];
      return;
    }
    yield lines;
  }
  onEnd(heldBytes === 0 ? 'ended' : 'cut');
  if (heldBytes > 0) yield [textLine(Buffer.concat(held))];
}

function textLine(bytes: Uint8Array): TextLine {
  if (!isUtf8(bytes)) return { kind: 'not-text' };
  return { kind: 'text', text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8') };
}
