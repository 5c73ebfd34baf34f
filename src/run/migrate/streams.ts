import { held } from '../../glance/reader/decisive-rows.ts';

type Stream<T> = AsyncGenerator<T, void, undefined>;

/**
 * Yields the values of a generator while it already makes the next one. The consumer may stop at any time: the
 * generator is closed once the value in the making is done.
 */
export async function* prefetch<T>(source: Stream<T>): Stream<T> {
  let upcoming = held(source.next());
  try {
    for (let result = await upcoming; result.done !== true; result = await upcoming) {
      upcoming = held(source.next());
      yield result.value;
    }
  } finally {
    await upcoming.catch(() => null);
    await source.return();
  }
}
