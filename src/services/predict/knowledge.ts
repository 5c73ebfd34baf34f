import { type FactName, INSPECTION_FACTS, type LayerFacts } from '../../model/inspection.ts';
import type { Attribute, Condition, FactValue, Layer, LayerOfFact } from '../condition/condition.ts';
import type { Domains } from '../condition/domains.ts';
import { assume, evaluate, type Learner, openPart } from '../condition/evaluate.ts';
import type { Pick } from '../condition/explore.ts';

/** What was seen of the bytes. `null` in a layer: unseen. */
export interface Layers {
  readonly file: LayerFacts;
  readonly guest: LayerFacts;
}

/** How a clause on the disk inside a container begins. */
export const OF_GUEST = 'not seen of the disk inside: ';

const NONE: readonly FactValue[] = [];

/** What is known of an image on one path: what was seen, and what the path takes for granted. */
export class Knowledge {
  readonly #layers: Layers;
  readonly #domains: Domains;
  readonly #pick: Pick;
  /** One for each layer that an inspector may look at. */
  readonly #views: Readonly<Record<Layer, Learner>>;
  readonly #narrowed = new Map<string, readonly FactValue[]>();
  readonly #settled = new Map<string, boolean>();
  #impossible = false;

  constructor(
    layers: Layers,
    domains: Domains,
    release: number,
    attribute: (attribute: Attribute) => string | undefined,
    pick: Pick,
  ) {
    this.#layers = layers;
    this.#domains = domains;
    this.#views = {
      file: this.#learner('file', release, attribute),
      guest: this.#learner('guest', release, attribute),
    };
    this.#pick = pick;
  }

  /** Whether the path has taken for granted what no bytes can be. */
  get impossible(): boolean {
    return this.#impossible;
  }

  /** Whether a condition holds on this path. Where it is open, the path takes one side for granted. */
  decide(condition: Condition, inspected: Layer): boolean {
    const view = this.#views[inspected];
    const result = evaluate(condition, view);
    if (result !== null) return result;
    const holds = this.#pick(this.label(condition, inspected), [true, false]);
    assume(condition, holds, view);
    return holds;
  }

  /** Whether a condition holds; null: open. */
  evaluate(condition: Condition, inspected: Layer): boolean | null {
    return evaluate(condition, this.#views[inspected]);
  }

  assume(condition: Condition, holds: boolean, inspected: Layer): void {
    assume(condition, holds, this.#views[inspected]);
  }

  pick<T>(label: string, options: readonly T[]): T {
    const [only] = options;
    return options.length === 1 && only !== undefined ? only : this.#pick(label, options);
  }

  /** The value of a fact that was seen. */
  seen(layer: Layer, fact: FactName): FactValue | null {
    return this.#layers[layer][fact] ?? null;
  }

  /** One clause for a person: what was not seen on which an open condition hinges. */
  label(condition: Condition, inspected: Layer): string {
    const open = openPart(condition, this.#views[inspected]);
    if (open?.kind === 'unsettled') return open.why;
    if (open?.kind !== 'fact') return 'not seen';
    const layer = open.layer === 'inspected' ? inspected : open.layer;
    const { title } = INSPECTION_FACTS[open.fact];
    return layer === 'guest' ? `${OF_GUEST}${title}` : `not seen: ${title}`;
  }

  #learner(inspected: Layer, release: number, attribute: Learner['attribute']): Learner {
    const layerOf = (layer: LayerOfFact): Layer => (layer === 'inspected' ? inspected : layer);
    return {
      release,
      attribute,
      fact: (layer, fact) => this.#values(layerOf(layer), fact),
      unsettled: (why) => this.#settled.get(why) ?? null,
      narrow: (layer, fact, values) => {
        this.#narrowed.set(`${layerOf(layer)}.${fact}`, values);
        if (values.length === 0) this.#impossible = true;
      },
      settle: (why, holds) => this.#settled.set(why, holds),
    };
  }

  #values(layer: Layer, fact: FactName): readonly FactValue[] {
    const value = this.#layers[layer][fact];
    if (value === undefined) return NONE;
    if (value !== null) return [value];
    return this.#narrowed.get(`${layer}.${fact}`) ?? this.#domains.get(fact) ?? NONE;
  }
}
