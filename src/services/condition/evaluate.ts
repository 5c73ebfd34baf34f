import {
  type Attribute,
  type Condition,
  DECLARED,
  type FactTest,
  type FactValue,
  type LayerOfFact,
  within,
} from './condition.ts';
import type { FactName } from '../../model/inspection.ts';

/** What a condition is asked of. `undefined`: the image has no such thing, so that no value of it holds. */
export interface View {
  /** Index into the releases of the table. */
  readonly release: number;
  readonly attribute: (attribute: Attribute) => string | undefined;
  readonly fact: (layer: LayerOfFact, fact: FactName) => FactValue | undefined;
  readonly unsettled: (why: string) => boolean;
}

export function holds(condition: Condition, view: View): boolean {
  switch (condition.kind) {
    case 'all':
      return condition.parts.every((part) => holds(part, view));
    case 'any':
      return condition.parts.some((part) => holds(part, view));
    case 'not':
      return !holds(condition.part, view);
    case 'releases':
      return within(condition.range, view.release);
    case 'unsettled':
      return view.unsettled(condition.why);
    case 'attribute': {
      const value = view.attribute(condition.attribute);
      return value !== undefined && (condition.allowed.has(value) || equalsWord(value, condition.allowed, view));
    }
    case 'fact': {
      const value = view.fact(condition.layer, condition.fact);
      return value !== undefined && passes(condition.test, value, view);
    }
  }
}

function passes(test: FactTest, value: FactValue, view: View): boolean {
  if (test.kind === 'values') return test.allowed.has(value) || equalsWord(value, test.allowed, view);
  return inRange(test, value);
}

export function inRange(test: FactTest & { readonly kind: 'range' }, value: FactValue): boolean {
  if (typeof value !== 'number') return false;
  return (test.atLeast === null || value >= test.atLeast) && (test.below === null || value < test.below);
}

function equalsWord(value: FactValue, allowed: ReadonlySet<FactValue>, view: View): boolean {
  return allowed.has(DECLARED) && value === view.attribute('word');
}
