import { type Condition, DECLARED, type FactValue, parts, within } from '../condition/condition.ts';
import type { Problem } from '../../model/error.ts';
import { type Domains, domainsOf } from '../condition/domains.ts';
import { evaluate } from '../condition/evaluate.ts';
import { explore } from '../condition/explore.ts';
import type { Service, ServiceTable } from './service-table.ts';

type Parts = Omit<ServiceTable, 'diskFormats'>;

/**
 * Reports what can never have an effect: a condition that no image of any release meets, an inspector that no service
 * uses, an entry dated outside the releases of what it belongs to, an option for steps of other releases.
 *
 * @param read every condition of the file with its place.
 */
export function checkReachable(
  table: Parts,
  read: readonly { readonly place: string; readonly condition: Condition }[],
  path: string,
  problems: Problem[],
): void {
  const domains = domainsOf(read.map(({ condition }) => condition));
  const never = (found: string, advice: string, place = path) =>
    problems.push({ place, expected: 'entries that can have an effect', found, advice });
  for (const { place, condition } of read) {
    if (!canHold(condition, table, domains)) never('a condition that never holds', 'correct or remove it', place);
  }
  for (const inspector of table.inspectors.values()) {
    const uses = [...table.services.values()].flatMap((service) =>
      service.inspectors.filter((use) => use.inspector === inspector.name).map((use) => use.releases),
    );
    if (uses.length === 0) never(`no service uses the inspector ${inspector.name}`, 'remove it, or name it');
    for (const format of inspector.formats) {
      for (const check of format.checks) {
        if (check.releases.first > format.releases.last || check.releases.last < format.releases.first) {
          never(`${inspector.name}.${format.name}.${check.name} has no release`, 'correct the dates');
        }
      }
    }
  }
  for (const service of table.services.values()) checkOptions(service, table, never);
}

function checkOptions(service: Service, table: Parts, never: (found: string, advice: string) => void): void {
  for (const option of service.options) {
    const useful = table.releases.some((_, release) => {
      if (!within(option.releases, release)) return false;
      const steps = service.steps.filter((step) => within(step.releases, release)).map((step) => step.name);
      return option.forgives.length > 0 || [...option.skips, ...option.accepts].some((name) => steps.includes(name));
    });
    if (!useful) never(`${service.key}: ${option.option} changes nothing in its releases`, 'correct the dates');
  }
}

/** Values that the table does not name. Two, so that one can differ from a declared word that is another. */
const OTHERS = ['another value', 'a third value'];

/** Whether a condition holds for any facts, attributes and releases at all. */
function canHold(condition: Condition, table: Parts, domains: Domains): boolean {
  const named = namedValues(condition, domains);
  const run = explore((pick) => {
    const picked = new Map<string, FactValue>();
    const once = <T extends FactValue>(key: string, options: readonly T[]): T => {
      const value = picked.has(key) ? (picked.get(key) as T) : pick(key, options);
      picked.set(key, value);
      return value;
    };
    return evaluate(condition, {
      release: once('release', [...table.releases.keys()]),
      attribute: (name) => once(`attribute ${name}`, [...named, ...OTHERS]),
      fact: (layer, fact) => [once(`${layer}.${fact}`, domains.get(fact) ?? [])],
      unsettled: (why) => once(`unsettled ${why}`, [true, false]),
    });
  });
  for (const { result } of run) if (result === true) return true;
  return false;
}

/** The words that attributes are compared with, and those of facts that are compared with the declared word. */
function namedValues(condition: Condition, domains: Domains): readonly string[] {
  const values = new Set<string>();
  for (const part of parts(condition)) {
    if (part.kind === 'attribute') for (const word of part.allowed) values.add(word);
    if (part.kind === 'fact' && part.test.kind === 'values' && part.test.allowed.has(DECLARED)) {
      for (const word of domains.get(part.fact) ?? []) values.add(String(word));
    }
  }
  values.delete(DECLARED);
  return [...values];
}
