import { type Condition, DECLARED, type FactTest, type FactValue, parts } from './condition.ts';
import { type FactName, INSPECTION_FACTS } from '../../model/inspection.ts';
import { passes } from './evaluate.ts';

/** For each fact, values of which no condition tells two apart stand for each other: one of them is enough. */
export type Domains = ReadonlyMap<FactName, readonly FactValue[]>;

/** Returns representatives of all values that a fact can have, as far as the conditions tell them apart. */
export function domainsOf(conditions: Iterable<Condition>): Domains {
  const tests = new Map<FactName, FactTest[]>();
  for (const condition of conditions) {
    for (const part of parts(condition)) {
      if (part.kind === 'fact') tests.set(part.fact, [...(tests.get(part.fact) ?? []), part.test]);
    }
  }
  const names = Object.keys(INSPECTION_FACTS) as FactName[];
  return new Map(names.map((name) => [name, representatives(name, tests.get(name) ?? [])]));
}

function representatives(name: FactName, tests: readonly FactTest[]): readonly FactValue[] {
  const seen = new Map<string, FactValue>();
  for (const value of allValues(name, tests)) {
    const group = tests.map((test) => groupOf(test, value)).join(' ');
    if (!seen.has(group)) seen.set(group, value);
  }
  return [...seen.values()];
}

function allValues(name: FactName, tests: readonly FactTest[]): readonly FactValue[] {
  const shape = INSPECTION_FACTS[name];
  if (shape.kind === 'word') return shape.words;
  if (shape.kind === 'flag') return [true, false];
  const bounds = tests.flatMap((test) =>
    test.kind === 'range' ? [test.atLeast, test.below] : [...test.allowed].map((value) => Number(value)),
  );
  // Between two neighbours of this list, no condition tells numbers apart.
  return [0, ...bounds.flatMap((bound) => (bound === null ? [] : [bound, bound + 1]))];
}

function groupOf(test: FactTest, value: FactValue): string {
  // A comparison with the declared word tells every value apart.
  if (test.kind === 'values' && test.allowed.has(DECLARED)) return String(value);
  return String(passes(test, value, { attribute: () => undefined }));
}
