/** An index of one of the two tables that are filled. */
export interface LateIndex {
  readonly table: string;
  readonly name: string;
  /** With the parentheses. */
  readonly columns: string;
}

export interface SchemaParts {
  /** Everything that has to be there before the rows. */
  readonly tables: readonly string[];
  /** Built from all rows at once, by sorting: many times faster than row by row in random order. */
  readonly indexes: readonly LateIndex[];
}

const INDEX = /^CREATE INDEX (?<name>\w+) ON (?<table>images|image_properties) (?<columns>\(.*\))$/su;

/** Takes the secondary indexes of `images` and `image_properties` out of the statements that make a schema. */
export function schemaParts(statements: readonly string[]): SchemaParts {
  const tables: string[] = [];
  const indexes: LateIndex[] = [];
  for (const statement of statements) {
    const { name, table, columns } = INDEX.exec(statement)?.groups ?? {};
    if (name === undefined || table === undefined || columns === undefined) tables.push(statement);
    else indexes.push({ table, name, columns });
  }
  return { tables, indexes };
}

export function createIndex({ table, name, columns }: LateIndex): string {
  return `CREATE INDEX ${name} ON ${table} ${columns}`;
}
