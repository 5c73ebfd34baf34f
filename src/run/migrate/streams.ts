import { held } from '../../glance/reader/decisive-rows.ts';

type Stream<T> = AsyncGenerator<T, void, undefined>;

/**
 * Yields the values of several generators, each as soon as it is there; every generator always works on its next value.
 * The consumer may stop at any time: the generators are closed once the values in the making are done.
 *
 * @throws the first failure of any of them.
 */
export async function* mergeStreams<T>(sources: readonly Stream<T>[]): Stream<T> {
  const ask = async (source: Stream<T>): Promise<{ source: Stream<T>; result: IteratorResult<T, void> }> => ({
    source,
    result: await source.next(),
  });
  const asked = new Map(sources.map((source) => [source, held(ask(source))]));
  try {
    while (asked.size > 0) {
      const { source, result } = await Promise.race(asked.values());
      if (result.done === true) {
        asked.delete(source);
      } else {
        asked.set(source, held(ask(source)));
        yield result.value;
      }
    }
  } finally {
    await Promise.allSettled(asked.values());
    await Promise.allSettled(Array.from(asked.keys(), (source) => source.return()));
  }
}

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
