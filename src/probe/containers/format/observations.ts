import type { SafetyCode } from '../../../model/safety.ts';
import type { ByteEvidence } from '../../../model/verdict.ts';
import type { BlockMap } from './block-map.ts';

/** Bound on what an image can make a report say. */
const MOST_EVIDENCE = 24;

/** What a container format notes while it reads its header. */
export class Observations {
  /** The map of the guest; null where there is none. */
  map: BlockMap | null = null;
  readonly #evidence: ByteEvidence[] = [];
  readonly #safety = new Set<SafetyCode>();

  /** Notes something seen at a file offset; `detail` is plain ASCII and holds nothing from the image but numbers. */
  saw(offset: number, detail: string): void {
    const isKnown = this.#evidence.some((entry) => entry.offset === offset && entry.detail === detail);
    if (!isKnown && this.#evidence.length < MOST_EVIDENCE) this.#evidence.push({ offset, detail });
  }

  /** The same, with the safety code that it means. */
  warn(code: SafetyCode, offset: number, detail: string): void {
    this.#safety.add(code);
    this.saw(offset, detail);
  }

  evidence(): readonly ByteEvidence[] {
    return [...this.#evidence];
  }

  /** Sorted, without repeats. */
  safety(): readonly SafetyCode[] {
    return [...this.#safety].sort();
  }
}
