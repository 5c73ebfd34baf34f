import type { Database } from '../../db/database.ts';
import type { JournalMeta, Target } from '../../journal/meta.ts';
import {
  columnList,
  insertMissingMeta,
  readMeta,
  RESULT_COLUMN_LENGTH,
  sameTarget,
  setMetaState,
} from '../../journal/meta.ts';
import { insertLease, type Lease, readLeases } from '../../journal/lease.ts';
import { IMAGES_SELECT, IMAGES_VIEW, journalTables, META_TABLE } from '../../journal/tables.ts';
import { RetypeError } from '../../model/error.ts';
import type { GlanceSchema } from '../../glance/tables/schema.ts';
import { timestamp } from '../context/context.ts';
import { expandNeeds, needObjections } from './needs.ts';
import { findMeta, foreignObjections, type Objection } from '../preflight.ts';
import { changeSchema, rebuildFor, type SchemaContext } from './schema-change.ts';
import { writeObjections } from '../write-hazards.ts';

/** What expand will do; found without writing. */
type ExpandPlan =
  | { readonly kind: 'nothing'; readonly meta: JournalMeta }
  | {
      readonly kind: 'create';
      readonly target: Target;
      /** Tables, and the view. */
      readonly tables: readonly string[];
      readonly columns: readonly string[];
    };

/** What expand would do, and everything against it. */
interface ExpandPreview {
  readonly plan: ExpandPlan;
  /**
   * The changes of the schema, in their order; beside them, expand inserts the rows of retype_meta and retype_lease.
   */
  readonly statements: readonly string[];
  readonly objections: readonly Objection[];
}

/**
 * Finds what expand has to do, and every objection. Only reads.
 * @throws RetypeError ALREADY_EXPANDED for another target than the remembered one.
 */
export async function previewExpand(database: Database, schema: GlanceSchema, target: Target): Promise<ExpandPreview> {
  const meta = await findMeta(database);
  if (meta !== null) requireExpandable(meta, target);
  if (meta?.state === 'expanded') return { plan: { kind: 'nothing', meta }, statements: [], objections: [] };
  const { dialect } = database;
  const tables = await missingTables(database, schema);
  const views = (await viewIsThere(database)) ? [] : [IMAGES_VIEW];
  const columns = await missingColumns(database, target);
  return {
    plan: { kind: 'create', target, tables: [...tables.map((table) => table.name), ...views], columns },
    statements: [
      ...tables.flatMap(({ name, define }) => dialect.createTable(name, define)),
      ...views.flatMap((view) => dialect.createView(view, IMAGES_SELECT)),
      ...(columns.length === 0 ? [] : dialect.addColumns('images', columns.map(resultColumn))),
    ],
    objections: [
      ...(await writeObjections(database, schema, target)),
      ...(await needObjections(database, expandNeeds(target))),
      ...(await foreignObjections(database, schema, target, meta)),
    ],
  };
}

function resultColumn(name: string): { readonly name: string; readonly length: number } {
  return { name, length: RESULT_COLUMN_LENGTH };
}

/**
 * Creates the tool's own tables that do not exist yet: the first half of expand, before anybody can hold the lease.
 * retype_meta comes first and says `expanding` until the end, so the same command finishes an expand that was killed,
 * and the columns that it had already added are known to be its own. Two processes may do this at the same time.
 *
 * @throws RetypeError ALREADY_EXPANDED where another process has chosen another target meanwhile; and what
 *   `changeSchema` throws.
 */
export async function makeTables(
  context: SchemaContext,
  schema: GlanceSchema,
  target: Target,
  toolVersion: string,
): Promise<'done' | 'stopped'> {
  const { writer } = context;
  const { dialect } = writer;
  const made = await changeSchema(context, async () =>
    (await missingTables(writer, schema))
      .filter(({ name }) => name === META_TABLE)
      .flatMap(({ name, define }) => dialect.createTable(name, define)),
  );
  if (made === 'stopped') return made;
  await insertMissingMeta(writer, { state: 'expanding', target, toolVersion, createdAt: timestamp() });
  requireExpandable(await readMeta(writer), target);
  const rest = await changeSchema(context, async () => {
    const tables = await missingTables(writer, schema);
    if (tables.length > 0) return tables.flatMap(({ name, define }) => dialect.createTable(name, define));
    return (await viewIsThere(writer)) ? [] : dialect.createView(IMAGES_VIEW, IMAGES_SELECT);
  });
  if (rest === 'done') await insertMissingLease(writer);
  return rest;
}

/**
 * The second half, under the lease: adds the result columns and sets the state to `expanded`.
 *
 * @returns the columns added.
 * @throws RetypeError ALREADY_EXPANDED, LEASE_LOST, and what `changeSchema` throws.
 */
export async function addColumns(
  context: SchemaContext,
  lease: Lease,
  target: Target,
): Promise<readonly string[] | 'stopped'> {
  const { writer } = context;
  // Another expand, or a rollback, may have held the lease just before.
  requireExpandable(await readMeta(writer), target);
  const columns = await missingColumns(writer, target);
  const add = async (ending: string) =>
    changeSchema(context, async () => {
      await lease.extend();
      const missing = await missingColumns(writer, target);
      if (missing.length === 0) return [];
      return writer.dialect.addColumns('images', missing.map(resultColumn)).map((statement) => `${statement}${ending}`);
    });
  const end = await add('').catch(async (error: unknown) => {
    const isFull = error instanceof RetypeError && error.code === 'ROW_TOO_LARGE';
    const rebuild = isFull ? await rebuildFor(writer) : null;
    if (rebuild === null) throw error;
    context.onEvent({
      kind: 'note',
      text: 'images takes no further column: it keeps columns that were dropped instantly. Rebuilding it online',
    });
    return add(rebuild.clause);
  });
  if (end === 'stopped') return end;
  await writer.transaction(async (trx) => {
    await lease.assertHeld(trx);
    await setMetaState(trx, 'expanded');
  });
  return columns;
}

async function insertMissingLease(writer: Database): Promise<void> {
  const isThere = async () => (await readLeases(writer, writer.dialect.nowMs)).length > 0;
  if (await isThere()) return;
  await insertLease(writer).catch(async (error: unknown) => {
    if (!(await isThere())) throw error;
  });
}

async function missingTables(writer: Database, schema: GlanceSchema) {
  const present = new Set(await writer.dialect.listTables(writer));
  return journalTables(writer.dialect, schema).filter((table) => !present.has(table.name));
}

async function viewIsThere(writer: Database): Promise<boolean> {
  return (await writer.dialect.listViews(writer)).includes(IMAGES_VIEW);
}

async function missingColumns(writer: Database, target: Target): Promise<readonly string[]> {
  if (target.kind === 'table') return [];
  const images = await writer.dialect.describeTable(writer, 'images');
  const existing = new Set(images?.columns.map((column) => column.name));
  return columnList(target.names).filter((name) => !existing.has(name));
}

/** The target in a few words, for a person. */
export function describeTarget(target: Target): string {
  return target.kind === 'table' ? 'target table' : `target columns (${columnList(target.names).join(', ')})`;
}

function requireExpandable(meta: JournalMeta | null, target: Target): void {
  if (meta === null) throw alreadyExpanded('tables that a rollback is taking away', 'run the same command again');
  if (meta.state === 'removing' || meta.state === 'contracting') {
    const command = meta.state === 'removing' ? 'rollback' : 'contract';
    throw alreadyExpanded(`an interrupted ${command}`, `run \`glance-retype ${command}\` to finish it, then expand`);
  }
  if (!sameTarget(meta.target, target)) {
    throw alreadyExpanded(
      describeTarget(meta.target),
      'leave --target and --column-names out, or roll back and expand again',
    );
  }
}

function alreadyExpanded(found: string, advice: string): RetypeError {
  return new RetypeError('ALREADY_EXPANDED', {
    place: META_TABLE,
    expected: 'the target asked for, or a database not yet expanded',
    found,
    advice,
  });
}
