/**
 * Hands out what several generators yield, each value as soon as it is there; every generator is working on one. The consumer may stop at any
 * time: the generators are closed once what they were asked for has settled.
 *
 * @throws the first failure of any of them.
 */
export async function* mergeStreams<T>(
  sources: readonly AsyncGenerator<T, void, undefined>[],
): AsyncGenerator<T, void, undefined> {
  interface Answer {
    readonly source: AsyncGenerator<T, void, undefined>;
    readonly result: IteratorResult<T, void>;
  }
  const ask = (source: AsyncGenerator<T, void, undefined>): Promise<Answer> => {
    const answer = source.next().then((result) => ({ source, result }));
    // A failure belongs to whoever awaits the value; a consumer that stops early never will.
    answer.catch(() => {});
    return answer;
  };
  const asked = new Map(sources.map((source) => [source, ask(source)]));
  try {
    while (asked.size > 0) {
      const { source, result } = await Promise.race(asked.values());
      if (result.done === true) {
        asked.delete(source);
      } else {
        asked.set(source, ask(source));
        yield result.value;
      }
    }
  } finally {
    await Promise.allSettled(asked.values());
    await Promise.allSettled(Array.from(asked.keys(), (source) => source.return()));
  }
}
