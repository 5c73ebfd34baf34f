import { type FactName, type Inspection, UNSEEN_LAYER } from '../../model/inspection.ts';
import { formatWord } from '../../model/fold-word.ts';
import type { Attribute, Layer } from '../condition/condition.ts';
import type { Domains } from '../condition/domains.ts';
import type { Pick } from '../condition/explore.ts';
import type { ServiceRow } from '../predictor.ts';
import type { Format, Step } from '../table/service-table.ts';
import { detect } from './formats.ts';
import { Knowledge, type Layers } from './knowledge.ts';
import type { ReleasedService } from './released-service.ts';

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
  | { readonly kind: 'undecided'; readonly why: string }
  /** No bytes take this path. */
  | { readonly kind: 'impossible' };

export interface JudgeContext {
  readonly service: ReleasedService;
  readonly domains: Domains;
  readonly backend: string;
}

interface Found {
  readonly formats: readonly string[];
  /** null: several that do not count as one, or not the declared one where only that is tried. */
  readonly detected: string | null;
  /** Whether bytes that were not seen could have made it another format. */
  readonly guessed: boolean;
}

interface Refusal {
  readonly kind: 'refused';
  readonly check: string;
  readonly why: string;
}

/** Takes an image through the steps of a service, on one path through what was not seen. */
export function judge(row: ServiceRow, bytes: Inspection, context: JudgeContext, pick: Pick): Outcome {
  return new Run(row, bytes, context, pick).outcome();
}

class Run {
  readonly #row: ServiceRow;
  readonly #guest: Inspection['guest']['kind'];
  readonly #context: JudgeContext;
  readonly #known: Knowledge;
  readonly #found: { [L in Layer]?: Found } = {};

  constructor(row: ServiceRow, { file, guest }: Inspection, context: JudgeContext, pick: Pick) {
    const layers: Layers = { file, guest: guest.kind === 'read' ? guest.facts : UNSEEN_LAYER };
    this.#guest = guest.kind;
    this.#row = row;
    this.#context = context;
    this.#known = new Knowledge(
      layers,
      context.domains,
      context.service.release,
      (name) => this.#attribute(name),
      pick,
    );
  }

  outcome(): Outcome {
    const { service } = this.#context;
    if (service.notInspected.some((when) => this.#known.decide(when, 'file'))) {
      return { kind: 'accepted', basis: 'not-inspected', detected: null };
    }
    for (const [at, step] of service.steps.entries()) {
      if (step.when !== null && !this.#known.decide(step.when, 'file')) continue;
      const result = this.#take(step);
      if (this.#known.impossible) return { kind: 'impossible' };
      if (result === null) continue;
      if (result === 'accepted' || (result.kind === 'refused' && service.accepts.has(step.name))) break;
      return result.kind === 'refused' ? this.#refused(step, at, result) : result;
    }
    return { kind: 'accepted', basis: 'inspected', detected: this.#found.file?.detected ?? null };
  }

  /** null: the image passes the step. `accepted`: no later step is taken. */
  #take(step: Step): Refusal | { readonly kind: 'undecided'; readonly why: string } | 'accepted' | null {
    switch (step.kind) {
      case 'refuses':
        return this.#known.decide(step.condition, 'file')
          ? { kind: 'refused', check: step.check, why: step.why }
          : null;
      case 'undecided':
        return this.#known.decide(step.condition, 'file') ? { kind: 'undecided', why: step.why } : null;
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
    const { crashes } = service.inspector;
    if (crashes !== null && this.#known.decide(crashes, layer)) {
      if (crash === 'accepts') return 'accepted';
      return { kind: 'refused', check: 'crash', why: 'the inspector itself fails on such a text' };
    }
    const { options, label } = detect(service, this.#row.diskFormat, layer, this.#known);
    const { formats, detected, refused, matching, failing } = this.#known.pick(label, options);
    for (const format of matching) this.#known.assume(format.matches, true, layer);
    for (const format of failing) this.#known.assume(format.matches, false, layer);
    this.#found[layer] = { formats, detected, guessed: options.length > 1 };
    return refused ? { kind: 'refused', check: 'formats', why: 'several formats at once: {formats}' } : null;
  }

  #complete(layer: Layer): Refusal | null {
    const incomplete = this.#format(layer)?.incomplete ?? null;
    if (incomplete === null || !this.#known.decide(incomplete, layer)) return null;
    return { kind: 'refused', check: 'complete', why: 'too short or broken to be checked as {detected}' };
  }

  #safety(layer: Layer): Refusal | null {
    const failed = this.#format(layer)?.checks.find(
      (check) => !this.#context.service.forgiven.has(check.name) && this.#known.decide(check.fails, layer),
    );
    return failed === undefined ? null : { kind: 'refused', check: failed.name, why: failed.why };
  }

  #format(layer: Layer): Format | undefined {
    const detected = this.#found[layer]?.detected;
    return this.#context.service.inspector.formats.find((format) => format.name === detected);
  }

  #refused(step: Step, at: number, refusal: Refusal): Outcome {
    const detected = this.#found.file?.detected ?? null;
    const layer = 'layer' in step ? step.layer : 'file';
    return { ...refusal, step: step.name, at, detected, value: (name) => this.#text(name, layer) };
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
        return this.#found.file?.detected ?? undefined;
      case 'guest.detected':
        return this.#found.guest?.detected ?? undefined;
      case 'matches':
        return (this.#found.file?.formats.length ?? 1) > 1 ? 'several' : 'one';
      case 'guest':
        return this.#guest;
      case 'chunks':
        return this.#context.service.chunks;
      case 'inspectable':
        return String(this.#context.service.inspectable.has(this.#row.diskFormat ?? ''));
    }
  }

  /** What stands in a clause for a name in braces. Nothing is claimed of bytes that were not seen. */
  #text(name: string, layer: Layer): string {
    if (name === 'release') return this.#context.service.releaseName;
    if (name === 'detected' || name === 'formats') return this.#foundText(name, layer);
    if (name === 'word' || name === 'container' || name === 'backend') return formatWord(this.#attribute(name) ?? null);
    if (name === 'guest.detected') return this.#foundText('detected', 'guest');
    const ofGuest = name.startsWith('guest.');
    const fact = (ofGuest ? name.slice('guest.'.length) : name) as FactName;
    return String(this.#known.seen(ofGuest ? 'guest' : layer, fact) ?? 'something else');
  }

  #foundText(name: 'detected' | 'formats', layer: Layer): string {
    const found = this.#found[layer];
    if (found === undefined || found.formats.length === 0) return 'another format';
    if (found.guessed && found.detected !== this.#row.diskFormat) return 'another format';
    return (name === 'detected' ? found.detected : null) ?? found.formats.join(', ');
  }
}
