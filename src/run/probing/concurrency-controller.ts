/**
 * Decides how many images of one source are read at once, by what that gains. Pure: a state and an observation give the
 * next state.
 *
 * By Little's law, the answers of a second are the reads under way divided by the seconds of one read. So the answers
 * alone tell the throughput at each limit, pauses left out. The limit moves to where more would gain nothing and less
 * would cost something, whichever is exhausted first: the disk, the server, the network, or this process. No shortest
 * time is kept for comparison: answers of images differ too much for it (simulated on 2026-11-28: times that scatter as
 * widely as their mean drove such a limit down to 1).
 */
export interface Concurrency {
  /** Reads at once from now on, 1 to `most`. */
  readonly limit: number;
  readonly most: number;
  readonly phase: Phase;
  /** The answers that the present limit is judged by. */
  readonly window: Window;
  /** The direction of the next trial. */
  readonly direction: 'up' | 'down';
  /** Windows before the limit may grow again after the source asked for patience. */
  readonly hold: number;
}

/** Rates are answers per millisecond. */
type Phase =
  /** At the start: doubled as long as that gains something. `below`: the rate at half the limit; null at first. */
  | { readonly kind: 'climbing'; readonly below: number | null; readonly doubt: 'none' | 'raised' }
  /** `pause`: windows before the next trial; it grows with every trial in vain. */
  | { readonly kind: 'staying'; readonly rate: number | null; readonly windows: number; readonly pause: number }
  /** One window at a limit other than `from`. */
  | { readonly kind: 'trying'; readonly from: number; readonly rate: number; readonly pause: number };

interface Window {
  /** Answers still to come to reads that began under an earlier limit: they say nothing about this one. */
  readonly skip: number;
  readonly answers: number;
  readonly totalMs: number;
}

/** What the reading of one image showed. */
export interface Answer {
  /** Milliseconds of one of its requests, the work of this process included. */
  readonly milliseconds: number;
  /**
   * Whether every place was taken once it had begun: answers to fewer reads than the limit allows say nothing about the
   * limit.
   */
  readonly places: 'taken' | 'free';
}

const FIRST = 8;

/** So that one slow answer does not decide. */
const LEAST_ANSWERS = 24;

/** What twice the reads must gain while climbing, and 1.4 times in a trial: less is the noise of a plateau. */
const WORTH_DOUBLING = 1.2;
const WORTH_MORE = 1.08;

/** The share of throughput that fewer reads must keep. */
const WORTH_LESS = 0.96;

const STRIDE = 1.4;

const SHORTEST_PAUSE = 3;
const LONGEST_PAUSE = 12;

/** A rate below this share of the earlier one is acted on at once. */
const COLLAPSE = 0.5;

const HOLD = 4;

/** @param most at least 1. */
export function startConcurrency(most: number): Concurrency {
  const phase: Phase = { kind: 'climbing', below: null, doubt: 'none' };
  const window: Window = { skip: 0, answers: 0, totalMs: 0 };
  return { limit: Math.min(FIRST, most), most, phase, window, direction: 'up', hold: 0 };
}

/** Takes an answer into account. */
export function afterAnswer(state: Concurrency, { milliseconds, places }: Answer): Concurrency {
  const { window, limit, phase } = state;
  if (window.skip > 0) return { ...state, window: { ...window, skip: window.skip - 1 } };
  if (places === 'free') return state;
  const answers = window.answers + 1;
  const totalMs = window.totalMs + milliseconds;
  const wanted = phase.kind === 'climbing' ? Math.max(FIRST, limit) : Math.max(LEAST_ANSWERS, 2 * limit);
  if (answers < wanted) return { ...state, window: { skip: 0, answers, totalMs } };
  // A clock that did not advance would make the rate infinite.
  return judged(state, (limit * answers) / Math.max(totalMs, 0.001));
}

/**
 * Takes into account that the source asked for patience (429, 503) or did not answer in time: halves the limit. Answers
 * to reads already under way no longer count.
 */
export function afterOverload(state: Concurrency): Concurrency {
  const { limit, phase, window, hold } = state;
  if (hold === HOLD && window.skip > 0) return { ...state, window: { ...window, skip: window.skip - 1 } };
  const before = phase.kind === 'trying' ? Math.min(limit, phase.from) : limit;
  return moved({ ...state, phase: staying(null, SHORTEST_PAUSE), direction: 'up', hold: HOLD }, Math.floor(before / 2));
}

function judged(state: Concurrency, rate: number): Concurrency {
  const { phase, limit } = state;
  const next = { ...state, hold: Math.max(0, state.hold - 1) };
  switch (phase.kind) {
    case 'climbing':
      return climbed(next, phase, rate);
    case 'staying':
      return stayed(next, phase, rate, state.hold > 0 ? 'held' : 'free');
    case 'trying': {
      const isBetter = rate > phase.rate * (limit > phase.from ? WORTH_MORE : WORTH_LESS);
      // What was right once may be right again: the next trial follows at once.
      if (isBetter)
        return moved({ ...next, phase: { kind: 'staying', rate, windows: 0, pause: SHORTEST_PAUSE } }, limit);
      return moved({ ...next, phase: staying(phase.rate, phase.pause), direction: turned(state) }, phase.from);
    }
  }
}

function climbed(state: Concurrency, phase: Extract<Phase, { kind: 'climbing' }>, rate: number): Concurrency {
  const isWorthIt = phase.below === null || rate > phase.below * WORTH_DOUBLING;
  if (isWorthIt && state.limit < state.most) {
    return moved({ ...state, phase: { kind: 'climbing', below: rate, doubt: 'none' } }, state.limit * 2);
  }
  // Few answers mislead easily: a second window decides.
  if (!isWorthIt && phase.doubt === 'none')
    return moved({ ...state, phase: { ...phase, doubt: 'raised' } }, state.limit);
  const windows = isWorthIt ? SHORTEST_PAUSE : 0;
  const next: Phase = { kind: 'staying', rate, windows, pause: SHORTEST_PAUSE };
  return moved({ ...state, phase: next, direction: 'down' }, state.limit);
}

function stayed(
  state: Concurrency,
  phase: Extract<Phase, { kind: 'staying' }>,
  rate: number,
  growth: 'held' | 'free',
): Concurrency {
  const known = phase.rate === null ? rate : (phase.rate + rate) / 2;
  const hasCollapsed = phase.rate !== null && rate < phase.rate * COLLAPSE;
  const direction = hasCollapsed ? 'down' : state.direction;
  const other = neighbour(state, direction);
  if (!hasCollapsed && (phase.windows > 0 || (growth === 'held' && direction === 'up'))) {
    return moved({ ...state, phase: { ...phase, rate: known, windows: Math.max(0, phase.windows - 1) } }, state.limit);
  }
  if (other === state.limit)
    return moved({ ...state, phase: { ...phase, rate: known }, direction: turned(state) }, other);
  const trying: Phase = { kind: 'trying', from: state.limit, rate: hasCollapsed ? rate : known, pause: phase.pause };
  return moved({ ...state, phase: trying, direction }, other);
}

/** After a trial in vain: the next one goes in the other direction, later than the last. */
function staying(rate: number | null, pause: number): Phase {
  return { kind: 'staying', rate, windows: pause, pause: Math.min(LONGEST_PAUSE, pause * 2) };
}

function turned({ direction }: Concurrency): Concurrency['direction'] {
  return direction === 'up' ? 'down' : 'up';
}

function neighbour({ limit, most }: Concurrency, direction: Concurrency['direction']): number {
  return direction === 'up'
    ? Math.min(most, Math.max(limit + 1, Math.round(limit * STRIDE)))
    : Math.max(1, Math.min(limit - 1, Math.round(limit / STRIDE)));
}

/** Begins a new window, at another limit or at the same one. */
function moved(state: Concurrency, wanted: number): Concurrency {
  const limit = Math.max(1, Math.min(state.most, wanted));
  return { ...state, limit, window: { skip: limit === state.limit ? 0 : state.limit, answers: 0, totalMs: 0 } };
}
