import type { GlanceSchema } from '../../../src/glance/tables/schema.ts';

/** A schema for functions that look at a part of it: uuids as keys, read in their order. */
export function schemaWith(changes: Partial<GlanceSchema> = {}): GlanceSchema {
  const schema: Partial<GlanceSchema> = {
    keyKind: 'text',
    idComparison: 'exact',
    optionalColumns: new Set(),
    propertyNames: new Map([['kernel_id', 'kernel_id']]),
    scan: { kind: 'key' },
    shape: null,
    ...changes,
  };
  return schema as GlanceSchema;
}

export const BY_ROW_NUMBER = { kind: 'row-number', column: 'rowid' } as const;
