import type { Random } from '../../fixtures/cloud/random.ts';

/** What one call of a user's makes Glance write. */
export type GlanceWrite = 'save' | 'save-with-property' | 'create';

export interface Arrival {
  /** Milliseconds after the start. */
  readonly at: number;
  readonly write: GlanceWrite;
}

/** One save in this many touches a property in the same transaction. */
const PROPERTY_EVERY = 10;
/** One write in this many makes a new image: at 50 writes a second, twelve a minute. */
const CREATE_EVERY = 250;

/**
 * Writes as they come from users who know nothing of each other, `perSecond` of them in the mean, without an end: a Poisson
 * process. They come when they come, however long those before them take, so that nothing that waits is left out of the count.
 */
export function* arrivals(random: Random, perSecond: number): Generator<Arrival, never, undefined> {
  let at = 0;
  for (;;) {
    at -= (Math.log(1 - random.fraction()) / perSecond) * 1000;
    yield { at, write: drawWrite(random) };
  }
}

function drawWrite(random: Random): GlanceWrite {
  if (random.below(CREATE_EVERY) === 0) return 'create';
  return random.below(PROPERTY_EVERY) === 0 ? 'save-with-property' : 'save';
}
