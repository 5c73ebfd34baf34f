/** What to do about a kind of difference. */
export const REMEDIES = {
  migrate: 'run migrate again: it writes what changed',
  columns:
    'find out who writes to the result columns; put back what is stored, or NULL where nothing is stored, then migrate again',
  restore:
    "restore the tool's tables from a backup made after the last run: until then rollback is not exact for these rows. Without a backup, roll back completely, which starts anew, and migrate again",
  nodes: 'find out which node is right, let the other one join the cluster anew, then verify again',
} as const;

const migrate = (title: string) => ({ title, remedy: 'migrate' }) as const;
const columns = (title: string) => ({ title, remedy: 'columns' }) as const;
const restore = (title: string) => ({ title, remedy: 'restore' }) as const;

/**
 * Kinds of differences: of images from what is stored, and of what is stored from what this tool wrote. A word is never
 * renamed or reused.
 */
export const DIFFERENCE_KINDS = {
  'not-migrated': migrate('a live image has no journal row: it was made or restored after the last migrate'),
  'legacy-changed': migrate('disk_format, container_format or status is no longer what was decided on'),
  'decision-changed': migrate(
    'the same legacy row would be decided differently now: properties, references or rules changed',
  ),
  'column-changed': columns('the result columns hold something else than the journal says'),
  'column-foreign': columns('the result columns of an image are filled, and the journal has no row of it'),
  'decision-altered': restore('a stored decision is not the one that its key was made from'),
  'decision-missing': restore('a journal row names a decision that is not there'),
  'journal-missing': restore('rows that a batch wrote are neither in the journal nor among the before-images'),
  'journal-surplus': restore('the journal or the before-images hold rows that no batch wrote'),
  'journal-altered': restore('rows of the journal or of the before-images are not those that the batch wrote'),
  'undo-missing': restore('before-images of rows that a later run replaced are gone'),
  'undo-surplus': restore('there are more before-images than a run replaced rows'),
  'undo-altered': restore('a before-image does not lead to the row that took its place'),
  'batch-altered': restore('the record of a batch is not as it was written'),
  'batch-missing': restore('a batch that was committed has no record any more'),
  'batch-surplus': restore('a run has records of more batches than it committed'),
  'run-altered': restore('the record of a run is not as it was written'),
  'run-missing': restore('a run has no record any more'),
  'shard-altered': restore('the record of a shard is not as it was written, or one of its cut is gone'),
  'meta-altered': restore('retype_meta is not as expand wrote it'),
  'lease-altered': restore('a lease is not as this tool writes one'),
  'node-differs': { title: 'a row is not the same on another node', remedy: 'nodes' },
} as const;
export type DifferenceKind = keyof typeof DIFFERENCE_KINDS;

/** All kinds, in the order of the report. */
export const KINDS = Object.keys(DIFFERENCE_KINDS) as readonly DifferenceKind[];

/** Whether a kind is about the tool's own tables rather than images. */
export function isOfRecords(kind: DifferenceKind): boolean {
  return DIFFERENCE_KINDS[kind].remedy === 'restore';
}

export interface Difference {
  readonly kind: DifferenceKind;
  /** An image id, or `run 1, batch 3`. */
  readonly subject: string;
  /** null where the difference is not about one image. */
  readonly imageId: string | null;
  /** What is stored, and what is derived or counted now; for a person. */
  readonly stored: string;
  readonly now: string;
}

const SAMPLE = 100;

/** Collects differences: counts all, and keeps the first of each kind. */
export class Differences {
  readonly counts = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<DifferenceKind, number>;
  readonly sample: Difference[] = [];
  readonly #kept = new Map<DifferenceKind, number>();

  /** Adds a difference of an image. */
  image(kind: DifferenceKind, imageId: string, stored: string, now: string): void {
    this.#add({ kind, subject: imageId, imageId, stored, now }, 1);
  }

  /** Adds a difference of the tool's own tables; `count` where one line represents several. */
  record(kind: DifferenceKind, subject: string, stored: string, now: string, count = 1): void {
    this.#add({ kind, subject, imageId: null, stored, now }, count);
  }

  /** Names an image that may explain a difference already counted. */
  hint(kind: DifferenceKind, imageId: string, stored: string, now: string): void {
    this.#add({ kind, subject: imageId, imageId, stored, now }, 0);
  }

  #add(difference: Difference, count: number): void {
    const { kind } = difference;
    this.counts[kind] += count;
    const kept = this.#kept.get(kind) ?? 0;
    if (kept >= SAMPLE) return;
    this.#kept.set(kind, kept + 1);
    this.sample.push(difference);
  }
}
