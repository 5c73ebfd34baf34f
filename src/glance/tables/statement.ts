import type { SqlValue } from '../../db/database.ts';

/** SQL with the values of its marks, in their order. */
export interface Statement {
  readonly sql: string;
  readonly bindings: readonly SqlValue[];
}
