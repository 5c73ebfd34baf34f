import type { FindingCode, Severity } from '../../model/finding.ts';
import type { Question } from '../../model/question.ts';
import type { Classification } from '../../model/decision.ts';
import type { SafetyCode } from '../../model/safety.ts';
import type {
  ContainerType,
  DecisionStatus,
  Disposition,
  Envelope,
  Format,
  ImageType,
  StatusCounts,
} from '../../model/vocabulary.ts';

/** Why images have no payload, by rule. */
interface NotApplicableCount {
  readonly rule: string;
  readonly reason: string;
  readonly count: number;
}

/** What became of some images of one tuple. `reason` is that of the first image met. */
export interface OutcomeCount {
  readonly status: DecisionStatus;
  /** The answer of a decided outcome, else null. */
  readonly classification: Classification | null;
  /** Best first; empty unless ambiguous. */
  readonly candidates: readonly Classification[];
  /** Of an unmappable outcome, where the type alone is known. */
  readonly imageType: ImageType | null;
  readonly rule: string;
  readonly reason: string;
  readonly count: number;
}

/** One spelling of the tuple as found: NULL is null and differs from ''. Words are cut at 255 characters. */
export interface TupleCount {
  readonly diskFormat: string | null;
  readonly containerFormat: string | null;
  readonly count: number;
  readonly outcomes: readonly OutcomeCount[];
}

interface FindingCount {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly title: string;
  readonly count: number;
  /** The first five in reading order. */
  readonly sampleIds: readonly string[];
}

/** Decided images by what Nova does with them today and what a consumer of the new model will do. */
export interface CutoverCount {
  readonly novaToday: Disposition;
  readonly disposition: Disposition;
  readonly count: number;
}

export interface OneFieldLoss {
  readonly classification: Classification;
  readonly why: string;
  readonly count: number;
}

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
  /** Images of mismatches that are not counted separately. */
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

/**
 * Everything that the reports say about a plan as a whole. Lists are sorted biggest first unless noted, ties by text,
 * so that equal plans give equal summaries.
 */
export interface PlanSummary {
  readonly total: number;
  readonly byStatus: StatusCounts;
  readonly notApplicable: readonly NotApplicableCount[];
  readonly tuples: readonly TupleCount[];
  /** Images of spellings that are not counted separately; the number of these spellings is not known. */
  readonly otherTuples: { readonly count: number; readonly byStatus: StatusCounts };
  readonly undecided: readonly Question[];
  /** Undecided images without a question of their own. */
  readonly otherUndecided: number;
  /** Errors first, then warnings, then infos; biggest first within. */
  readonly findings: readonly FindingCount[];
  /** null where no image was asked for its content. */
  readonly content: ContentSummary | null;
  readonly cutover: {
    readonly decided: number;
    /** Decided images whose two dispositions differ. */
    readonly different: number;
    /** In the order of the vocabulary; cells without images are left out. */
    readonly matrix: readonly CutoverCount[];
  };
  /** Over decided images: what one field says, what it loses, and what two fields lose without the envelope. */
  readonly oneField: {
    readonly words: readonly { readonly format: Format; readonly count: number }[];
    readonly lost: readonly OneFieldLoss[];
    readonly envelopes: readonly { readonly envelope: Envelope; readonly count: number }[];
  };
}
