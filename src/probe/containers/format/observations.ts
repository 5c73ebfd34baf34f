import type { SafetyCode } from '../../../model/safety.ts';
import type { ByteEvidence } from '../../../model/verdict.ts';
import type { BlockMap } from './block-map.ts';

/** What a container format notes while it reads its header. */
export interface Observations {
  /** Something seen at a file offset; `detail` is plain ASCII and holds nothing from the image but numbers. */
  readonly saw: (offset: number, detail: string) => void;
  /** The same, with the safety code it stands for. */
  readonly warn: (code: SafetyCode, offset: number, detail: string) => void;
  /** The map by which the guest lies in the file. */
  readonly mapped: (map: BlockMap) => void;
  readonly map: () => BlockMap | null;
  readonly evidence: () => readonly ByteEvidence[];
  /** Sorted, without repeats. */
  readonly safety: () => readonly SafetyCode[];
}

/** Enough for a person, and a bound on what an image can make a report say. */
const MOST_EVIDENCE = 24;

export function observations(): Observations {
  const evidence: ByteEvidence[] = [];
  const safety = new Set<SafetyCode>();
  let guestMap: BlockMap | null = null;
  const saw = (offset: number, detail: string): void => {
    const seen = evidence.some((entry) => entry.offset === offset && entry.detail === detail);
    if (!seen && evidence.length < MOST_EVIDENCE) evidence.push({ offset, detail });
  };
  return {
    saw,
    warn: (code, offset, detail) => {
      safety.add(code);
      saw(offset, detail);
    },
    mapped: (map) => (guestMap = map),
    map: () => guestMap,
    evidence: () => [...evidence],
    safety: () => [...safety].sort(),
  };
}
