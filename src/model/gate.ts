import type { ServiceRemedy } from './service-prediction.ts';

/** The registry of reasons why `gate` refuses the cutover. A code is never renamed or reused. */

interface GateText {
  /** `difference`: exit code 7; `unready`: 4. */
  readonly kind: 'difference' | 'unready';
  /** One line. */
  readonly title: string;
  /** What to do. */
  readonly advice: string;
}

export const GATE_REASONS = {
  NOT_EXPANDED: {
    kind: 'unready',
    title: 'the database has not been expanded, or that was interrupted',
    advice: 'run `glance-retype expand`, then migrate and verify',
  },
  LEASE: {
    kind: 'unready',
    title: 'a runner is working',
    advice: 'wait until it ends; `glance-retype status` shows its progress',
  },
  RUN_UNFINISHED: {
    kind: 'unready',
    title: 'no run of migrate is complete, or the last one was not finished',
    advice: 'run `glance-retype migrate`; it continues where it stopped',
  },
  NOT_VERIFIABLE: {
    kind: 'unready',
    title: 'the stored decisions were made with other rules, answers or content than gate was given',
    advice: 'give gate the --rules, --answers and --probe of that run, or migrate again with the new ones',
  },
  DRIFT: {
    kind: 'difference',
    title: 'rows changed after they were decided',
    advice: 'run `glance-retype migrate`, which decides the changed rows again, then gate',
  },
  FOREIGN_VALUES: {
    kind: 'difference',
    title: 'result columns hold values that this tool did not write',
    advice:
      'find out what writes to these columns; restore the values that `glance-retype verify` shows as stored, or NULL if nothing is stored, then migrate again',
  },
  RECORDS_ALTERED: {
    kind: 'difference',
    title: "the tool's own tables were changed by another program",
    advice:
      'run `glance-retype verify`, which shows the remedy for each difference: restore these tables from a backup, or roll back completely and migrate again',
  },
  NODES_DIFFER: {
    kind: 'difference',
    title: 'another node holds other rows',
    advice: 'find out which node is right, and let the other node join the cluster again',
  },
  UNDECIDED: {
    kind: 'unready',
    title: 'images are undecided',
    advice:
      'answer the questions (`glance-retype plan --questions FILE`, `glance-retype questions FILE`) and migrate with --answers FILE',
  },
  FINDINGS: {
    kind: 'unready',
    title: 'images carry findings of the severity that --fail-on-findings names',
    advice: 'look at them (docs/reference.md says what to do about each code), or name another severity',
  },
  SERVICES_REFUSE: {
    kind: 'unready',
    title: 'a service of the named release refuses images',
    advice:
      'do what helps for each of them (`glance-retype plan --openstack RELEASE --html FILE` lists all); --must-accept names the services that count',
  },
  CONF_FORMATS: {
    kind: 'unready',
    title: 'the API nodes do not accept the same formats',
    advice: 'make disk_formats and container_formats of [image_format] the same on all nodes',
  },
  CONF_UNKNOWN_WORD: {
    kind: 'unready',
    title: 'Glance accepts a format word that the rules do not know',
    advice:
      'give the word a meaning (`aliases` in a rules file), or take it out of [image_format]: images made with it would be undecided',
  },
} as const satisfies Record<string, GateText>;

export type GateCode = keyof typeof GATE_REASONS;
export const GATE_CODES = Object.keys(GATE_REASONS) as readonly GateCode[];

/** One part of a reason: a question, a kind of difference, a finding, a check of a service or a node. */
export interface GateDetail {
  /** May contain text from the database or from files. */
  readonly text: string;
  /** Images; null where nothing is counted. */
  readonly count: number | null;
  /** Ids of images, or names of records (`run 1, batch 3`): the first found, at most five. */
  readonly sampleIds: readonly string[];
  /** What would make a service take these images, best first; left out where no service refuses them. */
  readonly remedies?: readonly ServiceRemedy[];
}

export interface GateReason {
  readonly code: GateCode;
  /** What was found, one sentence. */
  readonly text: string;
  readonly count: number | null;
  /** The biggest first, or in the order found. */
  readonly details: readonly GateDetail[];
}

export interface GateNode {
  /** As given on the command line. */
  readonly name: string;
  /** Words that Glance accepts on this node. */
  readonly disk: readonly string[];
  readonly container: readonly string[];
  /** Where they are configured: `FILE:LINE [section] key`; null where Glance's default applies. */
  readonly diskPlace: string | null;
  readonly containerPlace: string | null;
}

/** What one service of the named release does with the images. */
export interface GateService {
  /** Its key in the table of services. */
  readonly service: string;
  /** `required`: images that it refuses are a reason. `shown`: they are counted and told. */
  readonly part: 'required' | 'shown';
  readonly accepted: number;
  readonly refused: number;
  /** Of the refused: those that the release of today refuses as well; 0 where none was named. */
  readonly refusedToday: number;
  /** Images of which too little was seen. They are neither accepted nor a reason. */
  readonly unknown: number;
  /** Biggest first; in sum fewer than `unknown` where there are very many. */
  readonly unknownBecause: readonly { readonly why: string; readonly count: number }[];
}

/** The result of gate. */
export interface GateResult {
  /** In the order of `GATE_REASONS`; empty: the cutover may go on. */
  readonly reasons: readonly GateReason[];
  /** What the operator accepted with an option, or should know. */
  readonly notes: readonly string[];
  /** All rows read. */
  readonly images: number;
  readonly undecided: number;
  /** Of these, images that an answer leaves undecided on purpose. */
  readonly left: number;
  /** Whether stored decisions were compared with decisions made again. */
  readonly verified: 'yes' | 'no';
  readonly nodes: readonly GateNode[];
  /** In the order of the table of services; empty where no release was named. */
  readonly services: readonly GateService[];
}

/** 0 ready; 7 where something differs; 4 for every other reason. */
export function gateExitCode({ reasons }: GateResult): 0 | 4 | 7 {
  if (reasons.length === 0) return 0;
  return reasons.some(({ code }) => GATE_REASONS[code].kind === 'difference') ? 7 : 4;
}
