/**
 * Hands out what a generator yields while its next value is already being made. The consumer may stop at any time; the generator
 * is closed then, after the value in the making has settled.
 */
export async function* prefetch<T>(source: AsyncGenerator<T, void, undefined>): AsyncGenerator<T, void, undefined> {
  const ask = (): Promise<IteratorResult<T, void>> => {
    const asked = source.next();
    // A failure belongs to whoever awaits the value; a consumer that stops early never will.
    asked.catch(() => {});
    return asked;
  };
  let upcoming = ask();
  try {
    for (let result = await upcoming; result.done !== true; result = await upcoming) {
      upcoming = ask();
      yield result.value;
    }
  } finally {
    await upcoming.catch(() => null);
    await source.return();
  }
}
