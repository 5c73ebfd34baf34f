/**
 * The schema that libpq's `options` name where they say nothing else: `-csearch_path=glance`. null for anything else,
 * a list of schemas or a quoted name among it.
 */
export function schemaOf(options: string | null): string | null {
  return /^\s*-c\s*search_path=([a-z_][a-z0-9_]{0,62})\s*$/u.exec(options ?? '')?.[1] ?? null;
}

/** The options that `schemaOf` reads. */
export function searchPathOption(schema: string): string {
  return `-csearch_path=${schema}`;
}
