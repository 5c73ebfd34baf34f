import type { AnswerReview } from '../../model/answer.ts';
import type { PlanSummary } from './summary-shape.ts';

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
}

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
  /** The commands to type next, as the operator would type them. */
  readonly next: readonly string[];
}
