import { Unreadable } from '../../reading/reading.ts';
import { type Exchange, discard } from './exchange.ts';
import { parseContentLength } from './content-range.ts';

/** What the stream takes from its source. */
export interface StreamSupply {
  /** A plain GET of the whole, answered with 200. */
  readonly start: () => Promise<Exchange>;
  readonly received: (bytes: number) => void;
  /** Bytes in all as the answer tells. @throws SourceFailure where that is not what was learnt before. */
  readonly sized: (size: number) => void;
  /** Bytes that may still come. */
  readonly left: () => number;
}

/**
 * The body of a plain GET, read forward as far as it is asked for and held from its first byte, so that what was passed can be read
 * again. What lies between is paid for like what was asked for, before it is streamed.
 */
export class ForwardStream {
  readonly #supply: StreamSupply;
  #answer: Exchange | null = null;
  /** Bytes of the present answer that came; behind `#filled` after a new start. */
  #position = 0;
  #held = Buffer.alloc(0);
  #filled = 0;
  #ended = false;

  constructor(supply: StreamSupply) {
    this.#supply = supply;
  }

  /** Takes over an answer with status 200 that has begun. @throws SourceFailure when its size is not the one learnt before. */
  adopt(answer: Exchange): void {
    this.#answer = answer;
    this.#position = 0;
    const size = parseContentLength(answer.headers['content-length']);
    if (size !== null) this.#supply.sized(size);
  }

  /**
   * Safe to repeat after a TransferFailure. @throws Unreadable no-random-access beyond what may still come;
   * TransferFailure.
   */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = offset + length;
    while (this.#filled < end && !this.#ended) {
      // A stream that broke off begins at the first byte again.
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
      await discard(answer);
      // Told by the end itself where no Content-Length did.
      this.#supply.sized(this.#position);
      return;
    }
    this.#supply.received(piece.length);
    const known = Math.min(piece.length, Math.max(0, this.#filled - this.#position));
    this.#append(piece.subarray(known));
    this.#position += piece.length;
  }

  #append(piece: Uint8Array): void {
    const needed = this.#filled + piece.length;
    if (needed > this.#held.length) {
      // Views given out before keep the old memory.
      const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#held.length, 65_536));
      this.#held.copy(larger, 0, 0, this.#filled);
      this.#held = larger;
    }
    this.#held.set(piece, this.#filled);
    this.#filled = needed;
  }
}
