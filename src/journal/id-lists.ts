/** Values of one IN list: well below every engine's limit on bound values. */
export const LIST_LENGTH = 500;

/** Cuts values into lists that fit one statement each. */
export function* inLists<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += LIST_LENGTH) {
    yield items.slice(start, start + LIST_LENGTH);
  }
}

/** The marks of one list: `?, ?, ?`. */
export function marks(list: readonly unknown[]): string {
  return list.map(() => '?').join(', ');
}
