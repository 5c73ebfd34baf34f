import type { GateDetail, GateReason, GateService } from '../../model/gate.ts';
import type { ServiceRefusal } from '../../model/service-prediction.ts';

/** Details of the reason that are shown; one more detail counts the rest. */
const SHOWN = 5;

/** What one service does with the images, as a summary counts it. Lists are sorted. */
export interface CountedService {
  readonly service: string;
  readonly accepted: number;
  readonly refused: number;
  readonly unknown: number;
  readonly refusals: readonly ServiceRefusal[];
  readonly unknowns: readonly { readonly why: string; readonly count: number }[];
}

/** Marks the services whose refusals are a reason. @param required their keys. */
export function gateServices(
  counted: readonly CountedService[],
  required: ReadonlySet<string>,
): readonly GateService[] {
  return counted.map(({ service, accepted, refused, unknown, refusals, unknowns }) => ({
    service,
    part: required.has(service) ? 'required' : 'shown',
    accepted,
    refused,
    refusedToday: sum(refusals.filter(({ before }) => before === 'refused')),
    unknown,
    unknownBecause: unknowns.map(({ why, count }) => ({ why, count })),
  }));
}

/**
 * The images that required services refuse. Of two releases, an image that today's refuses for certain as well is no
 * reason: nothing is lost for it.
 *
 * @param today the release that runs today; null where only one was named.
 */
export function serviceReason(
  counted: readonly CountedService[],
  required: ReadonlySet<string>,
  today: string | null,
): GateReason | null {
  const services = gateServices(counted, required).filter(
    ({ part, refused, refusedToday }) => part === 'required' && refused > refusedToday,
  );
  if (services.length === 0) return null;
  const harm = (service: GateService): number => service.refused - service.refusedToday;
  const count = services.reduce((total, service) => total + harm(service), 0);
  const all = counted
    .filter(({ service }) => required.has(service))
    .flatMap(({ service, refusals }) =>
      refusals
        .filter(({ before }) => before !== 'refused')
        .flatMap(({ reasons, ...refusal }) => reasons.map((reason) => ({ service, ...refusal, ...reason }))),
    )
    .toSorted((one, other) => other.count - one.count);
  const shown = all
    .slice(0, SHOWN)
    .map(({ service, step, check, before, why, ...refusal }): GateDetail & { readonly count: number } => ({
      text: `${service}, ${check === step ? `step ${step}` : `check ${check}`}${before === null ? '' : `, ${before} in ${today}`}: ${why}`,
      count: refusal.count,
      sampleIds: refusal.sampleIds,
      remedies: refusal.remedies,
    }));
  const rest = count - sum(shown);
  const others: readonly GateDetail[] = rest > 0 ? [{ text: 'for further reasons', count: rest, sampleIds: [] }] : [];
  const text = services
    .map((service) => `${service.service} refuses ${harm(service)} ${harm(service) === 1 ? 'image' : 'images'}`)
    .join(', ');
  return { code: 'SERVICES_REFUSE', text, count, details: [...shown, ...others] };
}

function sum(items: readonly { readonly count: number }[]): number {
  return items.reduce((total, { count }) => total + count, 0);
}
