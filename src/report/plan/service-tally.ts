import type {
  ServicePrediction,
  ServiceRefusal,
  ServiceRemedy,
  ServiceVerdict,
} from '../../model/service-prediction.ts';
import {
  biggestFirst,
  type BoundedGroups,
  createBoundedGroups,
  getOrMake,
  mergeSamples,
  sampled,
  type SeenSample,
  type TupleCell,
} from './bounded-groups.ts';
import type { ServiceCount, ServiceTransitions } from './report.ts';

/** Checks of one service counted separately; a table has some twenty. */
const CHECK_LIMIT = 60;
/** Reasons of one check counted separately: they name the two words, and a site may have made up some. */
const REASON_LIMIT = 60;

interface Counted {
  count: number;
  samples: readonly SeenSample[];
}

type Kind = ServiceVerdict['kind'];
type Refused = Extract<ServiceVerdict, { readonly kind: 'refused' }>;

interface Check extends Counted {
  readonly before: Kind | null;
  readonly step: string;
  readonly check: string;
  readonly reasons: BoundedGroups<Counted & { readonly why: string; readonly remedies: readonly ServiceRemedy[] }>;
}

interface Service {
  readonly service: string;
  readonly verdicts: Record<Kind, number>;
  /** null: only one release was asked so far. */
  transitions: { -readonly [Key in keyof ServiceTransitions]: number } | null;
  readonly refusals: BoundedGroups<Check>;
  /** Accepted now, refused before. */
  readonly improvements: BoundedGroups<Counted & { readonly step: string; readonly check: string }>;
  readonly unknowns: BoundedGroups<Counted & { readonly why: string }>;
}

/** Whether a report names images with such predictions: all but those that were and are accepted everywhere. */
export function isShown(predictions: readonly ServicePrediction[]): boolean {
  return predictions.some(
    ({ verdict, before }) => verdict.kind !== 'accepted' || (before !== null && before.kind !== 'accepted'),
  );
}

/** Counts what the services do with the images. Keys come from the table of services and from words of the rows. */
export class ServiceTally {
  readonly #services = new Map<string, Service>();
  /** Images share predictions, and finding the counters is the slow part. */
  readonly #counters = new WeakMap<readonly ServicePrediction[], readonly ((cell: TupleCell) => void)[]>();

  add(predictions: readonly ServicePrediction[], cell: TupleCell): void {
    const counters = getOrMake(this.#counters, predictions, () => predictions.map((each) => this.#counterOf(each)));
    for (const add of counters) add(cell);
  }

  /** In the order of the table; empty where no service was asked. */
  result(): readonly ServiceCount[] {
    return [...this.#services.values()].map(({ service, verdicts, transitions, refusals, improvements, unknowns }) => {
      const listed = refusals.values().map(refusalOf);
      return {
        service,
        ...verdicts,
        transitions: transitions === null ? null : { ...transitions },
        refusals: biggestFirst(listed, ({ step, check }) => `${step} ${check}`).toSorted(
          (one, other) => HARM.indexOf(one.before) - HARM.indexOf(other.before),
        ),
        improvements: biggestFirst(improvements.values(), ({ step, check }) => `${step} ${check}`).map(sampled),
        unknowns: biggestFirst(unknowns.values(), ({ why }) => why).map(sampled),
      };
    });
  }

  #counterOf({ service: key, verdict, before }: ServicePrediction): (cell: TupleCell) => void {
    const service = getOrMake(this.#services, key, () => newService(key));
    const transition = before === null ? null : transitionOf(before.kind, verdict.kind);
    const groups = groupsOf(service, verdict, before);
    return (cell) => {
      service.verdicts[verdict.kind] += cell.count;
      if (transition !== null) {
        service.transitions ??= { willBeRefused: 0, willWork: 0, staysRefused: 0, staysAccepted: 0, unknown: 0 };
        service.transitions[transition] += cell.count;
      }
      for (const group of groups) addTo(group, cell);
    };
  }
}

/** The harm of a refusal, by what the service did before: what works today comes first. */
const HARM: readonly (Kind | null)[] = ['accepted', 'unknown', null, 'refused'];

/** What becomes of an image between two releases; `unknown` where one of the verdicts is. */
export function transitionOf(before: Kind, after: Kind): keyof ServiceTransitions {
  if (before === 'unknown' || after === 'unknown') return 'unknown';
  if (before === 'accepted') return after === 'accepted' ? 'staysAccepted' : 'willBeRefused';
  return after === 'accepted' ? 'willWork' : 'staysRefused';
}

function newService(service: string): Service {
  return {
    service,
    verdicts: { accepted: 0, refused: 0, unknown: 0 },
    transitions: null,
    refusals: createBoundedGroups(CHECK_LIMIT),
    improvements: createBoundedGroups(CHECK_LIMIT),
    unknowns: createBoundedGroups(REASON_LIMIT),
  };
}

function groupsOf(
  { refusals, improvements, unknowns }: Service,
  verdict: ServiceVerdict,
  before: ServiceVerdict | null,
): readonly (Counted | null)[] {
  const was = before?.kind ?? null;
  switch (verdict.kind) {
    case 'refused': {
      const { step, check } = verdict;
      const group = refusals.of(JSON.stringify([was, step, check]), () => ({
        before: was,
        step,
        check,
        count: 0,
        samples: [],
        reasons: createBoundedGroups(REASON_LIMIT),
      }));
      return [group, group === null ? null : reasonOf(group, verdict)];
    }
    case 'unknown': {
      const { why } = verdict;
      return [unknowns.of(why, () => ({ why, count: 0, samples: [] }))];
    }
    case 'accepted': {
      if (before?.kind !== 'refused') return [];
      const { step, check } = before;
      return [improvements.of(JSON.stringify([step, check]), () => ({ step, check, count: 0, samples: [] }))];
    }
  }
}

function reasonOf({ reasons }: Check, { why, remedies }: Refused): Counted | null {
  return reasons.of(JSON.stringify([why, remedies]), () => ({ why, remedies, count: 0, samples: [] }));
}

function refusalOf({ before, step, check, count, reasons }: Check): ServiceRefusal {
  return {
    before,
    step,
    check,
    count,
    reasons: biggestFirst(reasons.values(), ({ why, remedies }) => JSON.stringify([why, remedies])).map(sampled),
  };
}

function addTo(group: Counted | null, { count, samples }: TupleCell): void {
  if (group === null) return;
  group.count += count;
  group.samples = mergeSamples(group.samples, samples);
}
