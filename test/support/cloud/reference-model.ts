/**
 * What a migration must have done to each image, told from what was there before it, without a database and without a line of the product.
 * Tests hold the product against it.
 */

/** Type, container type and envelope, as the result columns hold them. */
export type Results = readonly [string | null, string | null, string | null];

export const NO_RESULTS: Results = [null, null, null];

/** One decision that a run stored. */
export interface Entry {
  readonly run: number;
  /** Names the decision. */
  readonly key: string;
}

export interface ImageState {
  /** Oldest first: the last one is in the journal, those before it are what undoing leads back to. */
  readonly entries: readonly Entry[];
  /** null: there is no such image any more. */
  readonly results: Results | null;
  readonly deleted: boolean;
  readonly owner: string | null;
}

export type State = ReadonlyMap<string, ImageState>;

/** What a decision writes, by its key. */
export type ResultsOf = (key: string) => Results;

/** Whether the columns hold what the journal says. Nobody but the tool's own writes may be touched. */
export function isOwn({ entries, results }: ImageState, resultsOf: ResultsOf): boolean {
  return results !== null && same(results, expectedResults(entries, resultsOf));
}

/** After a complete migrate that nobody disturbed. `decisions`: of all images as they are now. */
export function migrated(
  state: State,
  run: number,
  decisions: ReadonlyMap<string, string>,
  resultsOf: ResultsOf,
): State {
  return mapState(state, (id, image) => {
    const key = decisions.get(id);
    const settled = key === undefined || image.deleted || image.entries.at(-1)?.key === key;
    if (settled) return image;
    if (!isOwn(image, resultsOf)) {
      // A first decision that leaves it open writes nothing to the image, so it matters to nobody what is in it.
      const isHarmless = image.entries.length === 0 && same(resultsOf(key), NO_RESULTS);
      return isHarmless ? { ...image, entries: [{ run, key }] } : image;
    }
    // What the run itself wrote before is not kept: undoing the run leads past it.
    const entries = [...image.entries.filter((entry) => entry.run !== run), { run, key }];
    return { ...image, entries, results: resultsOf(key) };
  });
}

/** The states that a rollback goes through, one more for each run it undoes; the last one is where it ends. */
export function rolledBack(
  state: State,
  runs: readonly number[],
  inScope: (id: string, image: ImageState) => boolean,
  resultsOf: ResultsOf,
): readonly State[] {
  const states = [state];
  for (const run of runs.toSorted((one, other) => other - one)) {
    states.push(
      mapState(states.at(-1) ?? state, (id, image) => {
        if (image.entries.at(-1)?.run !== run || !inScope(id, image) || isConflict(image, resultsOf)) return image;
        const entries = image.entries.slice(0, -1);
        return {
          ...image,
          entries,
          results: isOwn(image, resultsOf) ? expectedResults(entries, resultsOf) : image.results,
        };
      }),
    );
  }
  return states;
}

/** Whether a rollback lists the image and leaves it alone: somebody else's values are in it. */
export function isConflict(image: ImageState, resultsOf: ResultsOf): boolean {
  const { entries, results } = image;
  return entries.length > 0 && results !== null && !same(results, NO_RESULTS) && !isOwn(image, resultsOf);
}

/** Whether the columns hold somebody else's values that no entry explains; they must not go with the columns. */
export function isForeign({ entries, results }: ImageState): boolean {
  return entries.length === 0 && results !== null && !same(results, NO_RESULTS);
}

function expectedResults(entries: readonly Entry[], resultsOf: ResultsOf): Results {
  const last = entries.at(-1);
  return last === undefined ? NO_RESULTS : resultsOf(last.key);
}

function same(one: Results, other: Results): boolean {
  return one.every((value, index) => value === other[index]);
}

function mapState(state: State, change: (id: string, image: ImageState) => ImageState): State {
  const changed = [...state].map(([id, image]) => [id, change(id, image)] as const);
  // Of an image that is gone nothing is left once its last entry is.
  return new Map(changed.filter(([, { entries, results }]) => entries.length > 0 || results !== null));
}
