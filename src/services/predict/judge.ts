import type { Attribute, FactValue, Layer } from '../condition/condition.ts';
import type { FactName, LayerFacts } from '../../model/inspection.ts';
import type { Path } from '../condition/explore.ts';
import { holds, type View } from '../condition/evaluate.ts';
import type { Domains } from '../condition/domains.ts';
import type { Inspector, Step } from '../table/service-table.ts';
import type { ServiceRow } from '../predictor.ts';
import type { ReleasedService } from './released-service.ts';

/** What was seen of the bytes. `null` in a layer: unseen. */
export interface Layers {
  readonly file: LayerFacts;
  readonly guest: LayerFacts;
}

/** What a service does on one path. `detected`: the format that it found in the file; null if it did not look. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly basis: 'inspected' | 'not-inspected'; readonly detected: string | null }
  | {
      readonly kind: 'refused';
      readonly step: string;
      readonly check: string;
      /** Place of the step in its service: the later, the further the image came. */
      readonly at: number;
      /** With placeholders. */
      readonly why: string;
      readonly detected: string | null;
      /** Fills the placeholders. */
      readonly value: (name: string) => string;
    }
  | { readonly kind: 'undecided'; readonly why: string };

export interface JudgeContext {
  readonly service: ReleasedService;
  readonly domains: Domains;
  readonly backend: string;
}

interface Found {
  readonly formats: readonly string[];
  /** null: several that do not count as one. */
  readonly detected: string | null;
  /** Whether bytes that were not seen could have made it another format. */
  readonly guessed: boolean;
}

interface Refusal {
  readonly kind: 'refused';
  readonly check: string;
  readonly why: string;
}

/** Key of the choice for a fact that was not seen. */
export function factKey(layer: Layer, fact: FactName): string {
  return `${layer}.${fact}`;
}

/** Takes an image through the steps of a service, on one path through what was not seen. */
export function judge(row: ServiceRow, layers: Layers, context: JudgeContext, path: Path): Outcome {
  return new Run(row, layers, context, path).outcome();
}

class Run {
  readonly #row: ServiceRow;
  readonly #layers: Layers;
  readonly #context: JudgeContext;
  readonly #path: Path;
  readonly #found: { [L in Layer]?: Found } = {};
  /** The layer that the last inspection looked at. */
  #last: Layer = 'file';
  /** How often a fact was asked for that was not seen. */
  #unseen = 0;

  constructor(row: ServiceRow, layers: Layers, context: JudgeContext, path: Path) {
    this.#row = row;
    this.#layers = layers;
    this.#context = context;
    this.#path = path;
  }

  outcome(): Outcome {
    const { service } = this.#context;
    const view = this.#view('file');
    if (service.notInspected.some((when) => holds(when, view))) {
      return { kind: 'accepted', basis: 'not-inspected', detected: null };
    }
    for (const [at, step] of service.steps.entries()) {
      if (step.when !== null && !holds(step.when, view)) continue;
      const refusal = this.#take(step);
      if (refusal === null) continue;
      if (refusal === 'accepted' || (refusal.kind === 'refused' && service.accepts.has(step.name))) break;
      return refusal.kind === 'refused' ? this.#refused(step, at, refusal) : refusal;
    }
    return { kind: 'accepted', basis: 'inspected', detected: this.#found.file?.detected ?? null };
  }

  /** null: the image passes the step. `accepted`: no later step is taken. */
  #take(step: Step): Refusal | { readonly kind: 'undecided'; readonly why: string } | 'accepted' | null {
    switch (step.kind) {
      case 'refuses':
        return holds(step.condition, this.#view('file')) ? { kind: 'refused', check: step.check, why: step.why } : null;
      case 'undecided':
        return holds(step.condition, this.#view('file')) ? { kind: 'undecided', why: step.why } : null;
      case 'formats':
        return this.#formats(step.layer, step.crash);
      case 'complete':
        return this.#complete(step.layer);
      case 'safety':
        return this.#safety(step.layer);
    }
  }

  #formats(layer: Layer, crash: 'refuses' | 'accepts'): Refusal | 'accepted' | null {
    const { service } = this.#context;
    const { inspector } = service;
    const view = this.#view(layer);
    this.#last = layer;
    if (inspector.crashes !== null && holds(inspector.crashes, view)) {
      if (crash === 'accepts') return 'accepted';
      return { kind: 'refused', check: 'crash', why: 'the inspector itself fails on such a text' };
    }
    const before = this.#unseen;
    const names: string[] = [];
    for (const format of inspector.formats) {
      if (inspector.several === 'declared' && format.name !== this.#row.diskFormat) continue;
      if (!holds(format.matches, view)) continue;
      names.push(format.name);
      if (inspector.several === 'first') break;
    }
    const formats = names.length === 0 ? [inspector.otherwise] : names;
    const detected = formats.length === 1 ? (formats[0] ?? null) : this.#combined(formats, view);
    this.#found[layer] = { formats, detected, guessed: this.#unseen > before };
    if (detected !== null) return null;
    return { kind: 'refused', check: 'formats', why: 'several formats at once: {formats}' };
  }

  #combined(formats: readonly string[], view: View): string | null {
    const same = this.#context.service.combinations.find(
      (one) =>
        one.formats.length === formats.length &&
        one.formats.every((name) => formats.includes(name)) &&
        (one.when === null || holds(one.when, view)),
    );
    return same?.countsAs ?? null;
  }

  #complete(layer: Layer): Refusal | null {
    const incomplete = this.#format(layer)?.incomplete ?? null;
    if (incomplete === null || !holds(incomplete, this.#view(layer))) return null;
    return { kind: 'refused', check: 'complete', why: 'too short or broken to be checked as {detected}' };
  }

  #safety(layer: Layer): Refusal | null {
    const view = this.#view(layer);
    const failed = this.#format(layer)?.checks.find(
      (check) => !this.#context.service.forgiven.has(check.name) && holds(check.fails, view),
    );
    return failed === undefined ? null : { kind: 'refused', check: failed.name, why: failed.why };
  }

  #format(layer: Layer): Inspector['formats'][number] | undefined {
    const detected = this.#found[layer]?.detected;
    return this.#context.service.inspector.formats.find((format) => format.name === detected);
  }

  #refused(step: Step, at: number, refusal: Refusal): Outcome {
    const detected = this.#found.file?.detected ?? null;
    const layer = 'layer' in step ? step.layer : 'file';
    return { ...refusal, step: step.name, at, detected, value: (name) => this.#text(name, layer) };
  }

  #view(inspected: Layer): View {
    return {
      release: this.#context.service.release,
      attribute: (name) => this.#attribute(name),
      fact: (layer, name) => this.#fact(layer === 'inspected' ? inspected : layer, name),
      unsettled: (why) => this.#path.pick(why, [true, false]),
    };
  }

  #fact(layer: Layer, name: FactName): FactValue | undefined {
    const value = this.#layers[layer][name];
    if (value !== null) return value;
    this.#unseen += 1;
    return this.#path.pick(factKey(layer, name), this.#context.domains.get(name) ?? []);
  }

  #attribute(name: Attribute): string | undefined {
    switch (name) {
      case 'word':
        return this.#row.diskFormat ?? undefined;
      case 'container':
        return this.#row.containerFormat ?? undefined;
      case 'use':
      case 'payload':
        return this.#row[name];
      case 'backend':
        return this.#context.backend;
      case 'detected':
        return this.#found[this.#last]?.detected ?? undefined;
      case 'matches':
        return (this.#found[this.#last]?.formats.length ?? 1) > 1 ? 'several' : 'one';
      case 'inspectable':
        return String(this.#context.service.inspectable.has(this.#row.diskFormat ?? ''));
    }
  }

  /** What stands in a clause for a name in braces. Nothing is claimed of bytes that were not seen. */
  #text(name: string, layer: Layer): string {
    if (name === 'release') return this.#context.service.releaseName;
    if (name === 'detected' || name === 'formats') {
      const found = this.#found[layer];
      const word = this.#attribute('word');
      if (found === undefined || (found.guessed && found.detected !== word)) return 'another format';
      return name === 'formats' ? found.formats.join(', ') : (found.detected ?? found.formats.join(', '));
    }
    if (name === 'word' || name === 'container' || name === 'backend') return this.#attribute(name) ?? 'nothing';
    const ofGuest = name.startsWith('guest.');
    const facts = this.#layers[ofGuest ? 'guest' : layer];
    const value = facts[(ofGuest ? name.slice('guest.'.length) : name) as FactName];
    return value === null || value === undefined ? 'something else' : String(value);
  }
}
