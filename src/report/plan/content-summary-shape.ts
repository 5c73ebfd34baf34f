import type { Severity } from '../../model/finding.ts';
import type { SafetyCode } from '../../model/safety.ts';
import type { ContainerType, Envelope, ImageType } from '../../model/vocabulary.ts';

interface SafetyCount {
  readonly code: SafetyCode;
  readonly severity: Severity;
  readonly title: string;
  readonly count: number;
  /** The first in reading order. */
  readonly sampleIds: readonly string[];
}

/** Images declared alike whose bytes are alike, and not what is declared. */
export interface ContentMismatch {
  /** Trimmed and lower-cased; the empty string counts as NULL. */
  readonly diskFormat: string | null;
  readonly containerFormat: string | null;
  /** What the bytes are; null where they do not say. */
  readonly found: {
    readonly imageType: ImageType | null;
    readonly containerType: ContainerType | null;
    readonly envelope: Envelope | null;
  };
  readonly count: number;
  readonly sampleIds: readonly string[];
}

/** What the bytes of the images said. Lists are sorted biggest first, ties by text, unless noted. */
export interface ContentSummary {
  /** Images whose bytes were read; `undetermined` of them name no type. */
  readonly read: number;
  readonly undetermined: number;
  /** Images whose bytes could not be had. */
  readonly unread: number;
  /** Errors first, then warnings, then infos; biggest first within. One image may have several. */
  readonly safety: readonly SafetyCount[];
  readonly mismatches: readonly ContentMismatch[];
  /** Images beyond the number of mismatches kept apart. */
  readonly otherMismatches: number;
  /** What Nova and Glance of 2024 and later refuse for its content. */
  readonly refused: {
    readonly count: number;
    readonly reasons: readonly {
      readonly reason: string;
      readonly count: number;
      readonly sampleIds: readonly string[];
    }[];
  };
}
