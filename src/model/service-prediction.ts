/**
 * What an OpenStack service of one release does with an image. Services, steps and checks are data:
 * config/services.yaml.
 */
export type ServiceVerdict =
  | {
      readonly kind: 'accepted';
      /** `not-inspected`: the service takes such an image without a look at its bytes. */
      readonly basis: 'inspected' | 'not-inspected';
    }
  | {
      readonly kind: 'refused';
      /** Name of the step that refuses: `word`, `formats`, `safety`, `comparison`, `qemu-img`, `conversion`, … */
      readonly step: string;
      /** Name of the check that fails, in the service's own words (`mbr`, `data_file`); else the name of the step. */
      readonly check: string;
      /** One clause for a person, without a full stop: `declared qcow2, found to be gpt`. */
      readonly why: string;
      /** What would make the service take it, best first; empty where nothing is known. */
      readonly remedies: readonly ServiceRemedy[];
    }
  /** The bytes that would decide were not seen. `why` is one clause for a person. */
  | { readonly kind: 'unknown'; readonly why: string };

export type ServiceRemedy =
  /** Another word for the same bytes, which the service accepts for certain. */
  | { readonly kind: 'word'; readonly diskFormat: string; readonly containerFormat: string }
  /** `qemu-img convert` to this format, after which the service accepts it. */
  | { readonly kind: 'conversion'; readonly to: string }
  /** An option of the service that lets the image pass. */
  | { readonly kind: 'option'; readonly option: string; readonly value: string };

/** The verdict of one service, and with `--openstack A..B` what it does in release A. */
export interface ServicePrediction {
  /** Key of the service in config/services.yaml: `nova`, `glance-conversion`. */
  readonly service: string;
  readonly verdict: ServiceVerdict;
  /** null unless two releases are compared. */
  readonly before: ServiceVerdict | null;
}

/** Images that one check of a service refuses. Lists are sorted biggest first. */
export interface ServiceRefusal {
  /** What the service does with them in the earlier release; null unless two are compared. */
  readonly before: ServiceVerdict['kind'] | null;
  readonly step: string;
  readonly check: string;
  readonly count: number;
  /** Not all of them where a check has more reasons than are counted separately. */
  readonly reasons: readonly {
    readonly why: string;
    /** Best first. */
    readonly remedies: readonly ServiceRemedy[];
    readonly count: number;
    readonly sampleIds: readonly string[];
  }[];
}
