import type { ByteEvidence } from '../model/verdict.ts';
import type { OpenedFile } from './containers/format/guest-window.ts';
import { bootSectorCodes, contentJudgement } from './judgement/content-judgement.ts';
import type { Content } from './contents/sighting/sighting.ts';
import { recogniseContent } from './contents/recognise.ts';
import { fieldsOf } from './reading/fields.ts';
import { elsewhere, here, undetermined, type Judgement, type Trace } from './judgement/judgement.ts';
import type { Unreadable } from './reading/reading.ts';

/** Entries that are kept of the evidence of a container, so that there is room for the evidence of its guest. */
const CONTAINER_ENTRIES = 7;

/** Judges a container that was recognised by `sign` and opened: what its guest is, or why that is unknown. */
export function judgeOpened({ container, guest }: OpenedFile, sign: ByteEvidence): Judgement {
  const { containerType, safety } = container;
  const evidence = here(withSign(container.evidence, sign).slice(0, CONTAINER_ENTRIES));
  if (guest.kind === 'closed') {
    return undetermined(guest.why, containerType, { containerBasis: 'proven', evidence, safety });
  }
  const { bytes, loss } = guest;
  const window = { bytes: fieldsOf(bytes), guestSize: container.virtualSize, sectorSize: container.sectorSize };
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
