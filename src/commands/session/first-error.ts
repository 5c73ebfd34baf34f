/**
 * Returns the error that began it all. Where a resource fails to close after the work has failed, `using` throws a
 * SuppressedError that holds both; the operator must see the first one.
 */
export function firstError(error: unknown): unknown {
  let first = error;
  // By name: Node 20 has no SuppressedError of its own, so the compiler makes a plain Error with this name.
  while (first instanceof Error && first.name === 'SuppressedError' && 'suppressed' in first) first = first.suppressed;
  return first;
}
