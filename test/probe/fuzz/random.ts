/** Numbers that can be had again from their seed (mulberry32). */
export interface Random {
  readonly seed: number;
  /** A whole number in [0, limit). */
  below(limit: number): number;
}

export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return {
    seed,
    below: (limit) => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * limit);
    },
  };
}

/** Another seed each run, unless one is given to repeat it. */
export function chosenSeed(): number {
  const given = process.env['GLANCE_RETYPE_FUZZ_SEED'];
  return given === undefined || given === '' ? Math.floor(Math.random() * 0x1_0000_0000) : Number(given);
}
