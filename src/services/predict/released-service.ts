import { within } from '../condition/condition.ts';
import type { Combination, Inspector, Option, Service, ServiceTable, Step } from '../table/service-table.ts';

/** A service as one release has it, perhaps with an option that is not at its default. */
export interface ReleasedService {
  readonly key: string;
  /** Index into the releases of the table. */
  readonly release: number;
  readonly releaseName: string;
  readonly payloads: Service['payloads'];
  readonly stores: boolean;
  readonly boots: boolean;
  readonly chunks: Service['chunks'];
  readonly inspector: Inspector;
  /** Words that its inspector knows. */
  readonly inspectable: ReadonlySet<string>;
  readonly notInspected: Service['notInspected'];
  readonly combinations: readonly Combination[];
  readonly steps: readonly Step[];
  /** Checks that may fail. */
  readonly forgiven: ReadonlySet<string>;
  /** Steps whose refusal is an acceptance. */
  readonly accepts: ReadonlySet<string>;
  readonly options: readonly Option[];
}

/** Returns a service as a release has it. */
export function releasedService(table: ServiceTable, service: Service, release: number): ReleasedService {
  const dated = <T extends { readonly releases: { readonly first: number; readonly last: number } }>(
    list: readonly T[],
  ) => list.filter((entry) => within(entry.releases, release));
  const name = dated(service.inspectors)[0]?.inspector ?? '';
  const whole = table.inspectors.get(name);
  if (whole === undefined) throw new Error(`no inspector ${name} in the table`);
  const formats = dated(whole.formats).map((format) => ({ ...format, checks: dated(format.checks) }));
  const steps = dated(service.steps);
  return {
    key: service.key,
    release,
    releaseName: table.releases[release]?.name ?? '',
    payloads: service.payloads,
    stores: service.stores,
    boots: service.boots,
    chunks: service.chunks,
    inspector: { ...whole, formats },
    inspectable: new Set([...formats.map((format) => format.name), whole.otherwise]),
    notInspected: service.notInspected,
    combinations: dated(service.combinations),
    steps,
    forgiven: new Set(
      steps.flatMap((step) => (step.kind === 'safety' ? dated(step.forgives).flatMap(({ checks }) => checks) : [])),
    ),
    accepts: new Set(),
    options: dated(service.options),
  };
}

/** Returns the same service with one option set. */
export function withOption(service: ReleasedService, option: Option): ReleasedService {
  return {
    ...service,
    steps: service.steps.filter((step) => !option.skips.includes(step.name)),
    accepts: new Set(option.accepts),
    forgiven: new Set([...service.forgiven, ...option.forgives]),
  };
}
