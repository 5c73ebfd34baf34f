import type { FactName } from '../../model/inspection.ts';

/** Indexes into `releases`, both inclusive. */
export interface ReleaseRange {
  readonly first: number;
  readonly last: number;
}

/** What a condition may ask of an image beside the facts of its bytes. */
export const ATTRIBUTES = {
  word: 'disk_format as stored',
  container: 'container_format as stored',
  use: 'root or boot-part',
  payload: 'bytes or volumes',
  backend: 'a backend of the table',
  detected: 'the format that the inspection of the file found',
  'guest.detected': 'the format that the inspection of the disk inside found',
  matches: 'one or several: how many formats it matched before a combination counted as one',
  chunks: 'small (4,096 bytes at a time) or large: how the service feeds its inspector',
  guest: 'read, unread or none: whether the disk inside a container was read',
  inspectable: 'true or false: the inspector of the service knows the word',
} as const;
export type Attribute = keyof typeof ATTRIBUTES;

/** `inspected`: the layer that an inspector looks at, whichever it is. */
export type Layer = 'file' | 'guest';
export type LayerOfFact = Layer | 'inspected';

/** Stands for the declared disk_format among the values of a condition. */
export const DECLARED = '$word';

export type Condition =
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'releases'; readonly range: ReleaseRange }
  /** Neither the bytes nor the release decide. */
  | { readonly kind: 'unsettled'; readonly why: string }
  | { readonly kind: 'attribute'; readonly attribute: Attribute; readonly allowed: ReadonlySet<string> }
  | { readonly kind: 'fact'; readonly layer: LayerOfFact; readonly fact: FactName; readonly test: FactTest };

export type FactValue = string | number | boolean;

export type FactTest =
  | { readonly kind: 'values'; readonly allowed: ReadonlySet<FactValue> }
  /** `below` is exclusive; null: no bound. */
  | { readonly kind: 'range'; readonly atLeast: number | null; readonly below: number | null };

/** Whether a release is in a range. */
export function within(range: ReleaseRange, release: number): boolean {
  return release >= range.first && release <= range.last;
}

/** The condition itself and every condition inside it. */
export function* parts(condition: Condition): Generator<Condition> {
  yield condition;
  if (condition.kind === 'not') yield* parts(condition.part);
  if (condition.kind === 'all' || condition.kind === 'any') for (const part of condition.parts) yield* parts(part);
}
