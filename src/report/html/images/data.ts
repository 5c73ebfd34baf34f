import type { Severity } from '../../../model/finding.ts';
import type { DecisionStatus } from '../../../model/vocabulary.ts';

/** Whether a consumer of the new model treats an image as Nova does today; `open` where nothing is decided. */
type Cutover = 'same' | 'differs' | 'open';

/**
 * What images share in the table: everything but id, name and owner. A database has some hundred kinds. All text is
 * safe to show: NULL is the word NULL, controls are escapes.
 */
export interface ImageKind {
  /** Glance's own status word. */
  readonly glance: string;
  readonly disk: string;
  readonly container: string;
  readonly status: DecisionStatus;
  /** `disk/qcow2`, `disk/vmdk in ova`; candidates best first; `-`. */
  readonly becomes: string;
  readonly imageType: string | null;
  readonly containerType: string | null;
  readonly envelope: string | null;
  readonly format: string | null;
  readonly rule: string;
  readonly reason: string;
  /** Best first; empty unless ambiguous. */
  readonly candidates: readonly string[];
  readonly findings: readonly string[];
  readonly safety: readonly string[];
  readonly cutover: Cutover;
  readonly today: string;
  /** null where nothing is decided. */
  readonly after: string | null;
  readonly question: string | null;
  /** Id of the operator's answer that met the image. */
  readonly answer: string | null;
  /** What each service does: places in `ImageData.services`. */
  readonly services: readonly number[];
}

/** What one service does with images. */
export interface ServiceSight {
  readonly title: string;
  /** What the images are found by. */
  readonly words: readonly string[];
  /** The verdict, then what would make the service take them. */
  readonly lines: readonly string[];
}

/** A finding or a safety code in words. */
export interface CodeWords {
  readonly severity: Severity;
  readonly title: string;
}

/** Columns of equal length, those that need attention first. Numbers are places in lists of `ImageData`. */
interface ImageColumns {
  readonly id: readonly string[];
  readonly name: readonly (string | null)[];
  readonly owner: readonly number[];
  readonly kind: readonly number[];
  readonly evidence: readonly number[];
}

export interface ImageData {
  /** Images of the plan, whether the page holds them or not. */
  readonly total: number;
  readonly codes: Readonly<Record<string, CodeWords>>;
  readonly kinds: readonly ImageKind[];
  readonly services: readonly ServiceSight[];
  readonly owners: readonly (string | null)[];
  /** Kind and detail of a piece of evidence. */
  readonly sights: readonly (readonly [string, string])[];
  /** Lists of places in `sights`. */
  readonly evidence: readonly (readonly number[])[];
  readonly columns: ImageColumns;
}
