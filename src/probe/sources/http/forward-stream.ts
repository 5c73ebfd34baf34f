import { Unreadable } from '../../reading/reading.ts';
import { parseContentLength } from './content-range.ts';
import type { Exchange } from './exchange.ts';

/** What the stream needs of its source. */
export interface StreamSupply {
  /** Sends a GET for the whole, which is answered with 200. */
  readonly start: () => Promise<Exchange>;
  readonly received: (bytes: number) => void;
  /** Called with the total size that the answer names. @throws SourceFailure if another one was named before. */
  readonly sized: (size: number) => void;
  /** Bytes that may be received in total, and how many may still be, of which one piece is kept back. */
  readonly most: number;
  readonly left: () => number;
}

/**
 * Reads the body of a GET forward, as far as needed, and keeps it from its first byte, so that earlier bytes can be
 * read again. Bytes that are passed over count against the budget like those that were asked for, and are counted
 * before they are received.
 */
export class ForwardStream {
  readonly #supply: StreamSupply;
  #answer: Exchange | null = null;
  /** Bytes received of the current answer. After a new start, fewer than `#filled`. */
  #position = 0;
  /** The system provides the memory of a large buffer as it is filled. */
  readonly #held: Buffer;
  #filled = 0;
  #ended = false;

  constructor(supply: StreamSupply) {
    this.#supply = supply;
    this.#held = Buffer.allocUnsafe(supply.most);
  }

  /**
   * Takes an answer with status 200 that has begun.
   *
   * @throws SourceFailure if it names another size than was named before.
   */
  adopt(answer: Exchange): void {
    this.#answer = answer;
    this.#position = 0;
    const size = parseContentLength(answer.headers['content-length']);
    if (size !== null) this.#supply.sized(size);
  }

  /**
   * May be repeated after a TransferFailure.
   *
   * @throws Unreadable no-random-access beyond the budget; TransferFailure.
   */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = offset + length;
    while (this.#filled < end && !this.#ended) {
      // A stream that broke off starts again at the first byte.
      const ahead = end - (this.#answer === null ? 0 : this.#position);
      if (ahead > this.#supply.left()) {
        throw new Unreadable('no-random-access', `byte ${end} lies behind what is streamed`);
      }
      await this.#advance();
    }
    if (this.#supply.left() <= 0) this.close();
    return this.#held.subarray(Math.min(offset, this.#filled), Math.min(end, this.#filled));
  }

  close(): void {
    this.#answer?.destroy();
    this.#answer = null;
  }

  async #advance(): Promise<void> {
    if (this.#answer === null) this.adopt(await this.#supply.start());
    const answer = this.#answer;
    if (answer === null) return;
    let piece: Uint8Array | null;
    try {
      piece = await answer.next();
    } catch (error) {
      this.close();
      throw error;
    }
    if (piece === null) {
      this.#ended = true;
      this.#answer = null;
      // The end of the body names the size if no Content-Length did.
      this.#supply.sized(this.#position);
      return;
    }
    this.#supply.received(piece.length);
    // What was received before the stream broke off is kept.
    const fresh = piece.subarray(Math.min(piece.length, Math.max(0, this.#filled - this.#position)));
    this.#held.set(fresh, this.#filled);
    this.#filled += fresh.length;
    this.#position += piece.length;
  }
}
