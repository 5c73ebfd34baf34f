import { WINDOW_LENGTH } from '../../reading/fields.ts';
import { Unreadable, type Reading } from '../../reading/reading.ts';
import type { GuestAccess, OpenedContainer } from './opening.ts';

/** The beginning of the disk inside a container, or why it cannot be read. */
type GuestView =
  | Extract<GuestAccess, { readonly kind: 'closed' }>
  | {
      readonly kind: 'window';
      readonly bytes: Uint8Array;
      /** Why reading stopped before the end of the window; null where it did not. */
      readonly loss: Unreadable | null;
      readonly tables: 'sound' | 'stale';
    };

/** A container that was opened, with the beginning of its guest. */
export interface OpenedFile {
  readonly container: OpenedContainer;
  readonly guest: GuestView;
}

/** Reads the window of a guest that can be read. */
export function* withWindow(container: OpenedContainer): Reading<OpenedFile> {
  const { guest } = container;
  if (guest.kind === 'closed') return { container, guest };
  return { container, guest: { kind: 'window', ...(yield* readWindow(guest)), tables: guest.tables } };
}

/** Step of the second attempt, where the window could not be read as a whole: the largest sector size. */
const STEP = 4096;

/** Reads the window at once, or step by step up to the first block that cannot be read. */
function* readWindow({ read }: Extract<GuestAccess, { readonly kind: 'mapped' }>): Reading<{
  readonly bytes: Uint8Array;
  readonly loss: Unreadable | null;
}> {
  try {
    return { bytes: yield* read(0, WINDOW_LENGTH), loss: null };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
  }
  const pieces: Uint8Array[] = [];
  let loss: Unreadable | null = null;
  for (let offset = 0; offset < WINDOW_LENGTH && loss === null; offset += STEP) {
    try {
      const piece = yield* read(offset, STEP);
      pieces.push(piece);
      if (piece.length < STEP) break;
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      loss = error;
    }
  }
  // A plain Uint8Array: `slice` of a Buffer does not copy.
  return { bytes: new Uint8Array(Buffer.concat(pieces)), loss };
}
