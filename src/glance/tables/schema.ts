import type { ColumnInfo, Dialect, TableInfo } from '../../db/dialect.ts';

/** Columns of `images` that are read where they exist; some eras lack them. */
export const OPTIONAL_COLUMNS = ['owner', 'min_disk'] as const;
type OptionalColumn = (typeof OPTIONAL_COLUMNS)[number];

/**
 * The order in which the rows of `images` are read. `key`: by `images.id`, the physical order on servers with clustered
 * keys. `row-number`: the order of rows in the file; ids are random, and in their order every row would be on another
 * page of it.
 */
export type ScanOrder = { readonly kind: 'key' } | { readonly kind: 'row-number'; readonly column: string };

/** A Glance database as it was found: columns and tables, never a version number. */
export interface GlanceSchema {
  /** For people: the releases whose finished schema has these columns and tables. No code may branch on it. */
  readonly era: string;
  /** Integers in Cactus and Diablo, uuids as text from Essex on. Ids are text in this program either way. */
  readonly keyKind: 'integer' | 'text';
  /** `images.id`: result tables copy its type, character set and collation. */
  readonly idColumn: ColumnInfo;
  /** Whether the database takes ids that differ only by case for the same (MySQL's `_ci` collations). */
  readonly idComparison: 'exact' | 'case-insensitive';
  readonly images: TableInfo;
  readonly properties: TableInfo;
  readonly optionalColumns: ReadonlySet<OptionalColumn>;
  /** Triggers on `images` (Ocata between expand and contract, or somebody's own). */
  readonly triggers: readonly string[];
  /**
   * Tables in an engine without transactions that evidence is read from or results are written to. The caller refuses
   * them.
   */
  readonly nonTransactionalTables: readonly { readonly table: string; readonly engine: string }[];
  /**
   * Whether a range of `image_properties.image_id` holds the same images as that range of `images.id`: `same-order`
   * where type, character set and collation agree, so that both columns sort alike.
   */
  readonly propertyRange: 'same-order' | 'other-order';
  /** Names of the properties that are read of every image; each is one string for all rows. */
  readonly propertyNames: ReadonlyMap<string, string>;
  /**
   * `as-read`: the texts of properties are compared (an operator's answers). `by-meaning`: only the rules look at them,
   * and one text represents all others of the same meaning.
   */
  readonly propertyValues: 'as-read' | 'by-meaning';
  readonly scan: ScanOrder;
  /** SQL of `shapeColumn` for the alias `i`; null where rows must be read column by column. */
  readonly shape: string | null;
  /** SQL of the digests of a row of `images`, alias `i`, by the columns that are read of it. */
  readonly digests: Readonly<Record<'all' | 'decisive', string>>;
  /** SQL of the digest of a row of `image_properties`, alias `p`. */
  readonly propertyDigest: string;
  /** `Dialect.pack`; null as well where a column that is packed was declared in another way than Glance does. */
  readonly pack: Dialect['pack'];
  /** Harmless oddities, one sentence each, for the operator. */
  readonly remarks: readonly string[];
}

/**
 * Converts driver values to the few types of Glance's columns. The same column arrives as string, number, bigint or
 * boolean, depending on the engine; a row with any other type cannot be carried through.
 */
