import type { FactName } from '../../model/inspection.ts';
import {
  type Attribute,
  type Condition,
  DECLARED,
  type FactTest,
  type FactValue,
  type LayerOfFact,
  within,
} from './condition.ts';

/** What a condition is asked of. */
export interface View {
  /** Index into the releases of the table. */
  readonly release: number;
  /** undefined: the image has no such thing, so that no value of it holds. */
  readonly attribute: (attribute: Attribute) => string | undefined;
  /** The values that a fact can have: one if it was seen, none if it does not apply. */
  readonly fact: (layer: LayerOfFact, fact: FactName) => readonly FactValue[];
  /** null: open. */
  readonly unsettled: (why: string) => boolean | null;
}

/** A view that can learn. Facts with a single value or none never change. */
export interface Learner extends View {
  readonly narrow: (layer: LayerOfFact, fact: FactName, values: readonly FactValue[]) => void;
  readonly settle: (why: string, holds: boolean) => void;
}

/** Whether a condition holds; null if what was not seen decides. */
export function evaluate(condition: Condition, view: View): boolean | null {
  switch (condition.kind) {
    case 'all':
    case 'any': {
      const decides = condition.kind === 'any';
      let open = false;
      for (const part of condition.parts) {
        const result = evaluate(part, view);
        if (result === decides) return decides;
        if (result === null) open = true;
      }
      return open ? null : !decides;
    }
    case 'not': {
      const result = evaluate(condition.part, view);
      return result === null ? null : !result;
    }
    case 'releases':
      return within(condition.range, view.release);
    case 'unsettled':
      return view.unsettled(condition.why);
    case 'attribute': {
      const value = view.attribute(condition.attribute);
      return value !== undefined && allows(condition.allowed, value, view);
    }
    case 'fact': {
      const values = view.fact(condition.layer, condition.fact);
      let passed = 0;
      for (const value of values) if (passes(condition.test, value, view)) passed += 1;
      return passed === 0 ? false : passed === values.length ? true : null;
    }
  }
}

/** Learns from a condition that it holds or fails. What several open parts could explain teaches nothing. */
export function assume(condition: Condition, holds: boolean, learner: Learner): void {
  switch (condition.kind) {
    case 'not':
      assume(condition.part, !holds, learner);
      return;
    case 'all':
    case 'any': {
      if ((condition.kind === 'all') === holds) {
        for (const part of condition.parts) assume(part, holds, learner);
        return;
      }
      const open = condition.parts.filter((part) => evaluate(part, learner) !== !holds);
      if (open.length === 1 && open[0] !== undefined) assume(open[0], holds, learner);
      return;
    }
    case 'unsettled':
      learner.settle(condition.why, holds);
      return;
    case 'fact': {
      const values = learner.fact(condition.layer, condition.fact);
      if (values.length < 2) return;
      const left = values.filter((value) => passes(condition.test, value, learner) === holds);
      learner.narrow(condition.layer, condition.fact, left);
      return;
    }
    case 'releases':
    case 'attribute':
  }
}

/** What a condition hinges on that was not seen: the first open fact or the clause of what is unsettled. */
export function openPart(condition: Condition, view: View): Condition | null {
  if (evaluate(condition, view) !== null) return null;
  if (condition.kind === 'not') return openPart(condition.part, view);
  if (condition.kind !== 'all' && condition.kind !== 'any') return condition;
  for (const part of condition.parts) {
    const open = openPart(part, view);
    if (open !== null) return open;
  }
  return null;
}

export function passes(test: FactTest, value: FactValue, view: Pick<View, 'attribute'>): boolean {
  return test.kind === 'values' ? allows(test.allowed, value, view) : inRange(test, value);
}

function allows(allowed: ReadonlySet<FactValue>, value: FactValue, view: Pick<View, 'attribute'>): boolean {
  return allowed.has(value) || (allowed.has(DECLARED) && value === view.attribute('word'));
}

function inRange(test: FactTest & { readonly kind: 'range' }, value: FactValue): boolean {
  if (typeof value !== 'number') return false;
  return (test.atLeast === null || value >= test.atLeast) && (test.below === null || value < test.below);
}
