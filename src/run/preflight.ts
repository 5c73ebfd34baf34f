import type { Database } from '../db/database.ts';
import type { Privilege } from '../db/dialect.ts';
import type { GlanceSchema } from '../glance/tables/schema.ts';
import { columnList, readMeta, RESULT_COLUMN_LENGTH, type JournalMeta, type Target } from '../journal/meta.ts';
import { DECISIONS_TABLE, IMAGES_VIEW, JOURNAL_TABLE, JOURNAL_TABLES, META_TABLE } from '../journal/tables.ts';
import type { ErrorCode } from '../model/error-codes.ts';
import { RetypeError, type Problem } from '../model/error.ts';

/** A failed check. */
export type Objection = Problem & { readonly code: ErrorCode };

/** Throws all objections as one error; the first one gives the code. */
export function refuseIfAny([first, ...rest]: readonly Objection[]): void {
  if (first === undefined) return;
  const others = rest.map(({ code, ...problem }) =>
    code === first.code ? problem : { ...problem, place: `${problem.place} (${code})` },
  );
  const { code, ...problem } = first;
  throw new RetypeError(code, [problem, ...others]);
}

/** Objects where the server as a whole refuses writes. */
export async function readOnlyObjections(writer: Database): Promise<readonly Objection[]> {
  const found = await writer.dialect.readOnlyReason(writer);
  const advice = 'name the writable primary in --database-url';
  return found === null
    ? []
    : [{ code: 'SERVER_READ_ONLY', place: writer.label, expected: 'a server that accepts writes', found, advice }];
}

/** Objects where the user lacks privileges on a table. */
export async function grantObjections(
  database: Database,
  table: string,
  privileges: readonly Privilege[],
): Promise<readonly Objection[]> {
  const missing = await database.dialect.missingPrivileges(database, table, privileges);
  if (missing.length === 0) return [];
  return [
    {
      code: 'MISSING_GRANT',
      place: `table ${table} in ${database.label}`,
      expected: privileges.join(', ').toUpperCase(),
      found: `no ${missing.join(', ').toUpperCase()}`,
      advice: 'grant what is missing to the database user, or name a user that has it',
    },
  ];
}

/**
 * Reads what expand recorded.
 * @returns null where this database holds nothing of the tool.
 * @throws RetypeError META_UNKNOWN, FOREIGN_TABLE.
 */
export async function findMeta(database: Database): Promise<JournalMeta | null> {
  const table = await database.dialect.describeTable(database, META_TABLE);
  if (table === null) return null;
  if (!table.columns.some((column) => column.name === 'schema_version')) {
    throw new RetypeError('FOREIGN_TABLE', {
      place: `table ${META_TABLE}`,
      expected: 'the layout this tool gives it',
      found: 'a table without the column schema_version',
      advice: 'rename or drop it if nobody needs it',
    });
  }
  return readMeta(database);
}

/**
 * Requires the tool's tables, complete and ready for runs.
 * @throws RetypeError NOT_EXPANDED, also for an expand, rollback or contract that was interrupted.
 */
export async function requireExpanded(database: Database): Promise<JournalMeta> {
  const meta = await findMeta(database);
  if (meta?.state === 'expanded') return meta;
  const found =
    meta === null ? "none of the tool's tables" : `an interrupted ${INTERRUPTED[meta.state]} (state ${meta.state})`;
  throw new RetypeError('NOT_EXPANDED', {
    place: database.label,
    expected: 'a finished expand',
    found,
    advice:
      meta === null
        ? 'run `glance-retype expand` first; after a contract there is nothing to roll back from'
        : meta.state === 'expanding'
          ? 'run `glance-retype expand` again, it finishes what it began; or `glance-retype rollback`, it takes that away'
          : `run \`glance-retype ${INTERRUPTED[meta.state]}\` again; it finishes what it began`,
  });
}

/**
 * Says what exists of the tool where retype_meta has no row.
 * `results`: what contract kept, or tables of somebody else; `expanding`: the empty table that expand creates first.
 */
export async function expandRemains(database: Database): Promise<'nothing' | 'expanding' | 'results'> {
  const tables = await database.dialect.listTables(database);
  if (tables.includes(META_TABLE)) return 'expanding';
  const images = await database.dialect.describeTable(database, 'images');
  // No release of Glance has a column of that type there; after contract, nothing else names it.
  const results = images?.columns.some(({ type }) => type === `varchar(${RESULT_COLUMN_LENGTH})`) === true;
  return results || JOURNAL_TABLES.some((table) => tables.includes(table)) ? 'results' : 'nothing';
}

/** The command that finishes what was interrupted, by state. */
export const INTERRUPTED = {
  expanding: 'expand',
  expanded: 'expand',
  removing: 'rollback',
  contracting: 'contract',
} as const;

/** Objects to result columns and tool tables that exist although this tool did not create them. */
export async function foreignObjections(
  database: Database,
  schema: GlanceSchema,
  target: Target,
  meta: JournalMeta | null,
): Promise<readonly Objection[]> {
  if (meta !== null) return [];
  const objections: Objection[] = [];
  const existing = new Set(schema.images.columns.map((column) => column.name.toLowerCase()));
  for (const name of target.kind === 'columns' ? columnList(target.names) : []) {
    if (existing.has(name.toLowerCase())) {
      objections.push({
        code: 'FOREIGN_COLUMN',
        place: `images.${name}`,
        expected: 'no column of that name',
        found: 'a column that this tool did not make, or that contract left as a result',
        advice: 'choose other names with --column-names TYPE,CONTAINER,ENVELOPE, or use --target table',
      });
    }
  }
  const taken = new Set([
    ...(await database.dialect.listTables(database)),
    ...(await database.dialect.listViews(database)),
  ]);
  for (const name of [...JOURNAL_TABLES, IMAGES_VIEW].filter((table) => table !== META_TABLE && taken.has(table))) {
    objections.push({
      code: 'FOREIGN_TABLE',
      place: `table ${name}`,
      expected: 'no table of that name',
      found:
        name === JOURNAL_TABLE || name === DECISIONS_TABLE || name === IMAGES_VIEW
          ? 'one without retype_meta beside it: made by somebody else, or the result that contract kept'
          : 'a table without retype_meta beside it',
      advice: 'rename or drop it if nobody needs it, then run expand again',
    });
  }
  return objections;
}
