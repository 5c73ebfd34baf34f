/** Tells from a column's type, as DDL spells it, what kind of key it holds. */
export function keyKindOf(type: string): 'integer' | 'text' | 'other' {
  if (/^(?:int|integer|bigint|mediumint|smallint|serial)\b/iu.test(type)) return 'integer';
  if (/^(?:varchar|character varying|char|character|text|nvarchar)\b/iu.test(type)) return 'text';
  return 'other';
}
