import { WINDOW_LENGTH, type GuestAccess } from './container.ts';
import { Unreadable, type Reading } from './reading.ts';

/** The first guest bytes, as far as they could be read. */
export interface GuestWindow {
  readonly bytes: Uint8Array;
  /** Why reading stopped before the end of the window; null where it did not. */
  readonly loss: Unreadable | null;
}

/** Step of a second attempt, once the window could not be had as a whole: a sector of the largest kind. */
const STEP = 4096;

/** Reads the window at once, or step by step up to the first block that cannot be read. */
export function* readGuestWindow(guest: Extract<GuestAccess, { readonly kind: 'mapped' }>): Reading<GuestWindow> {
  try {
    return { bytes: yield* guest.read(0, WINDOW_LENGTH), loss: null };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
  }
  const pieces: Uint8Array[] = [];
  for (let offset = 0; offset < WINDOW_LENGTH; offset += STEP) {
    try {
      const piece = yield* guest.read(offset, STEP);
      pieces.push(piece);
      if (piece.length < STEP) break;
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      return { bytes: joinedPieces(pieces), loss: error };
    }
  }
  return { bytes: joinedPieces(pieces), loss: null };
}

/** A plain Uint8Array: `slice` of a Buffer does not copy. */
function joinedPieces(pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces));
}
