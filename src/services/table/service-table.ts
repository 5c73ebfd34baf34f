import type { Condition, FactValue, Layer, ReleaseRange } from '../condition/condition.ts';
import type { FactName } from '../../model/inspection.ts';

/** The services, their inspectors and their releases, as config/services.yaml says. Nothing in the code names one. */
export interface ServiceTable {
  /** Oldest first; the last one is the default. */
  readonly releases: readonly Release[];
  /** Image backends of the compute service; the first one is the default. */
  readonly backends: readonly Backend[];
  readonly inspectors: ReadonlyMap<string, Inspector>;
  /** By key, in the order of the file. */
  readonly services: ReadonlyMap<string, Service>;
  readonly words: readonly WordRemedy[];
  readonly conversions: readonly ConversionRemedy[];
  /** Every disk_format that a condition, an inspector or a remedy names, in order of appearance. */
  readonly diskFormats: readonly string[];
}

export interface Release {
  readonly name: string;
  /** The code name, in lower case; null where none is given. */
  readonly alias: string | null;
}

export interface Backend {
  readonly name: string;
  readonly title: string;
}

interface Dated {
  readonly releases: ReleaseRange;
}

/** Recognises formats and checks them. */
export interface Inspector {
  readonly name: string;
  /**
   * `refuse`: several formats at once are an error. `first`: the first one in the order of the file wins. `declared`:
   * only the format of the declared word is tried.
   */
  readonly several: 'refuse' | 'first' | 'declared';
  /** The format of whatever matches nothing. */
  readonly otherwise: string;
  /** The inspector fails with an error of its own. */
  readonly crashes: Condition | null;
  readonly formats: readonly Format[];
}

export interface Format extends Dated {
  readonly name: string;
  readonly matches: Condition;
  /** The inspector cannot finish, so that it cannot call the file safe. */
  readonly incomplete: Condition | null;
  readonly checks: readonly Check[];
}

export interface Check extends Dated {
  readonly name: string;
  readonly fails: Condition;
  /** Content that fails it may harm a host: nothing is suggested that lets it pass. */
  readonly dangerous: boolean;
  /** A clause; may hold placeholders. */
  readonly why: string;
}

export interface Service {
  readonly key: string;
  readonly title: string;
  readonly source: string;
  /** Kinds of images that ever reach the service. */
  readonly payloads: readonly ('bytes' | 'volumes')[];
  /** The service stores images: a word that is suggested for another service must be accepted here as well. */
  readonly stores: boolean;
  /** The service boots machines: a conversion that is suggested for another service must be accepted here as well. */
  readonly boots: boolean;
  /** `small`: the inspector is fed 4,096 bytes at a time. `large`: as many as the store of the images reads. */
  readonly chunks: 'small' | 'large';
  readonly inspectors: readonly (Dated & { readonly inspector: string })[];
  readonly notInspected: readonly Condition[];
  readonly combinations: readonly Combination[];
  readonly steps: readonly Step[];
  readonly options: readonly Option[];
}

export interface Combination extends Dated {
  readonly formats: readonly string[];
  readonly countsAs: string;
  readonly when: Condition | null;
}

export type Step = Dated & {
  readonly name: string;
  /** The step is taken only where this holds; null: always. */
  readonly when: Condition | null;
} & (
    | {
        readonly kind: 'formats';
        readonly layer: Layer;
        /** What the service does where the inspector crashes. */
        readonly crash: 'refuses' | 'accepts';
      }
    | { readonly kind: 'complete'; readonly layer: Layer }
    | { readonly kind: 'safety'; readonly layer: Layer; readonly forgives: readonly Forgiven[] }
    | { readonly kind: 'refuses'; readonly condition: Condition; readonly check: string; readonly why: string }
    | { readonly kind: 'undecided'; readonly condition: Condition; readonly why: string }
  );

interface Forgiven extends Dated {
  readonly checks: readonly string[];
}

export interface Option extends Dated {
  /** `[section]name` */
  readonly option: string;
  /** May hold placeholders. */
  readonly value: string;
  /** Steps that are not taken with this value. */
  readonly skips: readonly string[];
  /** Steps whose refusal becomes an acceptance with this value. */
  readonly accepts: readonly string[];
  /** Safety checks that may fail with this value. */
  readonly forgives: readonly string[];
}

export interface WordRemedy {
  readonly word: string;
  /** The word is suggested only for content of these formats. */
  readonly means: readonly string[];
  /** null: the container_format that the image has. */
  readonly container: string | null;
  readonly when: Condition | null;
}

export interface ConversionRemedy {
  readonly to: string;
  /** Where the conversion works. */
  readonly when: Condition;
  /** The facts of what `qemu-img` writes; null: the disk itself, without a container. */
  readonly writes: ReadonlyMap<FactName, FactValue> | null;
}
