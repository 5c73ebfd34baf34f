import type { SafetyCode } from '../model/safety.ts';
import type { ByteEvidence } from '../model/verdict.ts';
import type { OpenedContainer } from './container.ts';
import { bootSectorCodes, contentJudgement } from './content-judgement.ts';
import type { Content } from './content.ts';
import { recogniseContent } from './contents/recognise.ts';
import { fieldsOf } from './fields.ts';
import { readGuestWindow } from './guest-window.ts';
import { elsewhere, here, undetermined, type Judgement, type Trace } from './judgement.ts';
import type { Reading, Unreadable } from './reading.ts';

/** Entries of a container's evidence that are kept, so that there is room for what its guest shows. */
const CONTAINER_ENTRIES = 7;

/** The judgement on a container that was recognised by `sign` and opened: what its guest is, or why that cannot be said. */
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
    safety: loss === null ? codes : [...codes, ...LOSS_CODES[loss.reason]],
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

const LOSS_CODES: Record<Unreadable['reason'], readonly SafetyCode[]> = {
  truncated: ['DATA_OUT_OF_BOUNDS'],
  malformed: [],
  unsupported: [],
  'no-random-access': [],
  budget: [],
};

function lossTrace(offset: number, loss: Unreadable): Trace {
  return { offset, detail: `guest: cannot be read from here on: ${loss.message}`, space: 'elsewhere' };
}

function guestTraces(content: Content): readonly Trace[] {
  return content.kind === 'blank' || content.kind === 'unknown' ? [] : elsewhere('guest', content.evidence);
}

function withSign(evidence: readonly ByteEvidence[], sign: ByteEvidence): readonly ByteEvidence[] {
  return evidence.some(({ offset }) => offset === sign.offset) ? evidence : [sign, ...evidence];
}
