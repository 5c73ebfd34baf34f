import type { ByteEvidence } from '../model/verdict.ts';
import type { GuestAccess, OpenedContainer } from './containers/format/opening.ts';
import { bootSectorCodes, contentJudgement } from './judgement/content-judgement.ts';
import type { Content } from './contents/sighting/sighting.ts';
import { recogniseContent } from './contents/recognise.ts';
import { fieldsOf, WINDOW_LENGTH } from './reading/fields.ts';
import { elsewhere, here, undetermined, type Judgement, type Trace } from './judgement/judgement.ts';
import { Unreadable, type Reading } from './reading/reading.ts';

/** Entries that are kept of the evidence of a container, so that there is room for the evidence of its guest. */
const CONTAINER_ENTRIES = 7;

/** Judges a container that was recognised by `sign` and opened: what its guest is, or why that is unknown. */
export function* judgeOpened(opened: OpenedContainer, sign: ByteEvidence): Reading<Judgement> {
  const { containerType, guest, safety } = opened;
  const evidence = here(withSign(opened.evidence, sign).slice(0, CONTAINER_ENTRIES));
  if (guest.kind === 'closed') {
    return undetermined(guest.why, containerType, { containerBasis: 'proven', evidence, safety });
  }
  const { bytes, loss } = yield* readGuestWindow(guest);
  const window = { bytes: fieldsOf(bytes), guestSize: opened.virtualSize, sectorSize: opened.sectorSize };
  const content = recogniseContent(window);
  const codes = [...safety, ...bootSectorCodes(window.bytes, content)];
  const judgement = contentJudgement(content, guestTraces(content), {
    containerType,
    containerBasis: 'proven',
    evidence: loss === null ? evidence : [...evidence, lossTrace(bytes.length, loss)],
    safety: loss?.reason === 'truncated' ? [...codes, 'DATA_OUT_OF_BOUNDS'] : codes,
    most: loss === null && guest.tables === 'sound' ? 'certain' : 'likely',
  });
  return judgement.imageType === null && loss !== null ? { ...judgement, why: LOSS_WORDS[loss.reason] } : judgement;
}

const LOSS_WORDS = {
  truncated: 'guest data lies outside the file',
  malformed: 'guest data cannot be read',
  unsupported: 'guest data needs a feature without a reader',
  'no-random-access': 'needs random access',
  budget: 'the budget for reading is used up',
} as const satisfies Record<Unreadable['reason'], string>;

function lossTrace(offset: number, loss: Unreadable): Trace {
  return { offset, detail: `guest: cannot be read from here on: ${loss.message}`, space: 'elsewhere' };
}

function guestTraces(content: Content): readonly Trace[] {
  return content.kind === 'blank' || content.kind === 'unknown' ? [] : elsewhere('guest', content.evidence);
}

function withSign(evidence: readonly ByteEvidence[], sign: ByteEvidence): readonly ByteEvidence[] {
  return evidence.some(({ offset }) => offset === sign.offset) ? evidence : [sign, ...evidence];
}

/** Step of the second attempt, where the window could not be read as a whole: the largest sector size. */
const STEP = 4096;

/**
 * Reads the window at once, or step by step up to the first block that cannot be read. `loss` is why reading stopped
 * before the end of the window; null where it did not.
 */
function* readGuestWindow(
  guest: Extract<GuestAccess, { readonly kind: 'mapped' }>,
): Reading<{ readonly bytes: Uint8Array; readonly loss: Unreadable | null }> {
  try {
    return { bytes: yield* guest.read(0, WINDOW_LENGTH), loss: null };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
  }
  const pieces: Uint8Array[] = [];
  let loss: Unreadable | null = null;
  for (let offset = 0; offset < WINDOW_LENGTH && loss === null; offset += STEP) {
    try {
      const piece = yield* guest.read(offset, STEP);
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
