import type { AnswerReview } from '../../model/answer.ts';
import type { Classification } from '../../model/decision.ts';
import type { FindingCode, Severity } from '../../model/finding.ts';
import type { Question } from '../../model/question.ts';
import type { SafetyCode } from '../../model/safety.ts';
import type { ServiceRefusal } from '../../model/service-prediction.ts';
import type {
  ContainerType,
  DecisionStatus,
  Disposition,
  Envelope,
  Format,
  ImageType,
  StatusCounts,
} from '../../model/vocabulary.ts';

/** What a report was made from; goes out as it is. Holds no password. */
export interface ReportHeader {
  readonly tool_version: string;
  /** ISO 8601 in UTC: `2026-01-31T12:00:00Z`. */
  readonly created_at: string;
  /** The address without user secrets: `mysql://glance@db1/glance`. */
  readonly database: string;
  /** Product and version: `MariaDB 10.11.6`. */
  readonly engine: string;
  /** The release whose schema was found. */
  readonly era: string;
  readonly rules_digest: string;
  /** null where no answers file was given. */
  readonly answers_digest: string | null;
  /** Which images were looked into: `all`, `undecided`, `off`. */
  readonly probe: string;
  /** `columns` or `table`; null before expand. */
  readonly target: string | null;
  /** The OpenStack release whose services were asked, as the table names it; null where none was. */
  readonly openstack: string | null;
  /** The release that it is compared with, which runs today; null unless two are compared. */
  readonly openstack_before: string | null;
  /** How Nova stores the disks of servers: `qcow2`, `flat`, `rbd-clone`; null where no service was asked. */
  readonly nova_backend: string | null;
}

/** What people call each service, by its key. A service that is not in it goes by its key. */
export type ServiceTitles = Readonly<Record<string, string>>;

/** One way in which stored decisions differ from those derived anew. */
interface DifferenceCount {
  /** `legacy-changed` */
  readonly kind: string;
  /** One line for the operator. */
  readonly title: string;
  readonly count: number;
}

/** Which command made the report; every one of them read all rows and decided them. */
export type Occasion =
  | { readonly kind: 'plan' }
  | {
      readonly kind: 'migrate';
      readonly run: number;
      /** Journal rows written by the whole run. */
      readonly written: number;
      /** Images whose result columns hold somebody else's values. */
      readonly leftAlone: number;
    }
  | {
      readonly kind: 'verify';
      /** In the order of the kinds, those without images left out. */
      readonly differences: readonly DifferenceCount[];
      readonly sample: readonly {
        readonly kind: string;
        /** An id of an image, or `run 1, batch 3`. */
        readonly subject: string;
        readonly stored: string;
        readonly now: string;
      }[];
    };

/** Everything that a report says beside the images themselves. */
export interface PlanReport {
  readonly occasion: Occasion;
  readonly summary: PlanSummary;
  readonly header: ReportHeader;
  /** null where no answers file was given. */
  readonly answers: AnswerReview | null;
  /** Whom to ask; null where the owners of images were not read. */
  readonly owners: OwnerSummary | null;
  /** The commands to type next, as the operator would type them. */
  readonly next: readonly string[];
  readonly serviceTitles: ServiceTitles;
}

/** What must be asked of one owner (a project, by its id). */
export interface OwnerCount {
  /** null: images without an owner. */
  readonly owner: string | null;
  /** Undecided images. */
  readonly undecided: number;
  /** Images that break at the cutover. */
  readonly breaks: number;
  /** The questions of the undecided, biggest first. */
  readonly questions: readonly { readonly question: string; readonly count: number }[];
  /** Undecided images of questions that are not counted apart. */
  readonly otherQuestions: number;
}

export interface OwnerSummary {
  /** Those with most to be asked first. */
  readonly listed: readonly OwnerCount[];
  /** Images of owners that are not counted apart. */
  readonly others: { readonly undecided: number; readonly breaks: number };
  /** Undecided or breaking images whose owners were not looked up. */
  readonly unseen: number;
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

/** Images with a finding or a safety code. */
interface CodeCount<Code> {
  readonly code: Code;
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
  readonly safety: readonly CodeCount<SafetyCode>[];
  readonly mismatches: readonly ContentMismatch[];
  /** Images of mismatches that are not counted separately. */
  readonly otherMismatches: number;
  /** Of the images read, those that Nova refuses; `PlanSummary.services` counts all images and all services. */
  readonly refused: {
    readonly count: number;
    readonly reasons: readonly {
      readonly reason: string;
      readonly count: number;
      readonly sampleIds: readonly string[];
    }[];
  };
}

/** Images by what becomes of them between two releases. */
export interface ServiceTransitions {
  readonly willBeRefused: number;
  readonly willWork: number;
  readonly staysRefused: number;
  readonly staysAccepted: number;
  /** What one of the two releases does is not known. */
  readonly unknown: number;
}

/** What one service does with the images. */
export interface ServiceCount {
  readonly service: string;
  readonly accepted: number;
  readonly refused: number;
  readonly unknown: number;
  /** null unless two releases are compared. */
  readonly transitions: ServiceTransitions | null;
  /** What works in the earlier release and is refused comes first; biggest first within. */
  readonly refusals: readonly ServiceRefusal[];
  /** Images that are refused in the earlier release and accepted, by the check that refuses them there. */
  readonly improvements: readonly {
    readonly step: string;
    readonly check: string;
    readonly count: number;
    readonly sampleIds: readonly string[];
  }[];
  readonly unknowns: readonly {
    readonly why: string;
    readonly count: number;
    readonly sampleIds: readonly string[];
  }[];
}

/**
 * Everything that the reports say about a plan as a whole. Lists are sorted biggest first unless noted, ties by text,
 * so that equal plans give equal summaries.
 */
export interface PlanSummary {
  readonly total: number;
  readonly byStatus: StatusCounts;
  /** Why images have no payload, by rule. */
  readonly notApplicable: readonly Pick<OutcomeCount, 'rule' | 'reason' | 'count'>[];
  readonly tuples: readonly TupleCount[];
  /** Images of spellings that are not counted separately; the number of these spellings is not known. */
  readonly otherTuples: { readonly count: number; readonly byStatus: StatusCounts };
  readonly undecided: readonly Question[];
  /** Undecided images without a question of their own. */
  readonly otherUndecided: number;
  /** Errors first, then warnings, then infos; biggest first within. */
  readonly findings: readonly CodeCount<FindingCode>[];
  /** null where no image was asked for its content. */
  readonly content: ContentSummary | null;
  /** In the order of the table of services; empty where no service was asked. */
  readonly services: readonly ServiceCount[];
  readonly cutover: {
    readonly decided: number;
    /** Decided images whose two dispositions differ. */
    readonly different: number;
    /** Of the different: images that are used today, and afterwards not, or in another way. */
    readonly breaks: number;
    /** Of the different: images that are refused today, and usable afterwards. */
    readonly improves: number;
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
