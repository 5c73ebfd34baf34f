import type { Domains } from './attribute.ts';
import type { ContentThen, Contradiction, OperatorThen, Row, TupleThen, VoteThen } from './outcome.ts';
import type { Vocabulary } from './word.ts';

/** A checked decision table: everything `createDecider` needs. Made by `loadRules` only. */
export interface RuleTable {
  /** SHA-256, hex, over the content of all files in order; comments, layout and paths do not count. */
  readonly digest: string;
  readonly vocabulary: Vocabulary;
  readonly domains: Domains;
  readonly notApplicable: readonly Row<null>[];
  readonly operator: readonly Row<OperatorThen>[];
  readonly content: readonly Row<ContentThen>[];
  readonly references: readonly Row<VoteThen>[];
  readonly properties: readonly Row<VoteThen>[];
  readonly contradictions: ReadonlyMap<Contradiction, Row<null>>;
  readonly tuples: readonly Row<TupleThen>[];
}

/** Ids of all rows, in the order of the sections. */
export function ruleIds(table: RuleTable): readonly string[] {
  return [
    ...table.notApplicable,
    ...table.operator,
    ...table.content,
    ...table.references,
    ...table.properties,
    ...table.contradictions.values(),
    ...table.tuples,
  ].map((row) => row.id);
}
