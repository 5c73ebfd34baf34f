import type { Database, Executor } from '../db/database.ts';
import type { GlanceSchema } from '../glance/schema.ts';
import { columnList, insertMeta, setMetaState, type JournalMeta, type Target } from '../journal/meta.ts';
import { insertLease } from '../journal/lease.ts';
import { IMAGES_SELECT, IMAGES_VIEW, journalTables, LEASE_TABLE, META_TABLE } from '../journal/tables.ts';
import { RetypeError } from '../model/error.ts';
import { timestamp } from './context.ts';
import {
  engineObjections,
  findMeta,
  foreignObjections,
  grantObjections,
  readOnlyObjections,
  refuseIfAny,
  selfUpdateObjections,
} from './preflight.ts';

/** Longest value a result column holds; `xenserver-tgz` has 13. */
const RESULT_COLUMN_LENGTH = 16;

/** What expand would do, found out without writing. */
export type ExpandPlan =
  | { readonly kind: 'nothing'; readonly meta: JournalMeta }
  | {
      readonly kind: 'create';
      /** null where nothing exists yet; otherwise the expand that was interrupted. */
      readonly resumes: JournalMeta | null;
      /** `empty`: a first expand was killed between making retype_meta and filling it. */
      readonly metaTable: 'absent' | 'empty' | 'filled';
      readonly target: Target;
      /** Tables, and the view. */
      readonly tables: readonly string[];
      readonly columns: readonly string[];
      /** The DDL in order, as it will be sent. */
      readonly statements: readonly string[];
    };

/**
 * Checks everything and says what expand would do.
 * @throws RetypeError of any preflight code, all objections at once; ALREADY_EXPANDED for another target than the remembered one.
 */
export async function planExpand(writer: Database, schema: GlanceSchema, target: Target): Promise<ExpandPlan> {
  const meta = await findMeta(writer);
  if (meta !== null && meta.state !== 'expanding' && meta.state !== 'expanded') {
    throw alreadyExpanded(
      `an interrupted ${meta.state === 'removing' ? 'rollback' : 'contract'}`,
      'finish that command first',
    );
  }
  if (meta !== null && describeTarget(meta.target) !== describeTarget(target)) {
    throw alreadyExpanded(
      describeTarget(meta.target),
      'leave --target and --column-names out, or roll back and expand again',
    );
  }
  if (meta?.state === 'expanded') {
    return { kind: 'nothing', meta };
  }
  refuseIfAny([
    ...engineObjections(schema),
    ...(await readOnlyObjections(writer)),
    ...(await grantObjections(writer, META_TABLE, [
      'create',
      'create view',
      'select',
      'insert',
      'update',
      'delete',
      'drop',
    ])),
    ...(target.kind === 'columns' ? await grantObjections(writer, 'images', ['select', 'update', 'alter']) : []),
    ...(await selfUpdateObjections(writer, target)),
    ...(await foreignObjections(writer, schema, target, meta)),
  ]);
  return describe(writer, schema, target, meta);
}

async function describe(
  writer: Database,
  schema: GlanceSchema,
  target: Target,
  resumes: JournalMeta | null,
): Promise<ExpandPlan> {
  const present = new Set(await writer.dialect.listTables(writer));
  const missing = journalTables(schema).filter((table) => !present.has(table.name));
  const views = await writer.dialect.listViews(writer);
  const existing = new Set(schema.images.columns.map((column) => column.name));
  const columns = target.kind === 'columns' ? columnList(target.names).filter((name) => !existing.has(name)) : [];
  const added = columns.map((name) => ({ name, length: RESULT_COLUMN_LENGTH }));
  return {
    kind: 'create',
    resumes,
    metaTable: resumes !== null ? 'filled' : present.has(META_TABLE) ? 'empty' : 'absent',
    target,
    tables: [...missing.map((table) => table.name), ...(views.includes(IMAGES_VIEW) ? [] : [IMAGES_VIEW])],
    columns,
    statements: [
      ...missing.flatMap((table) => writer.dialect.createTable(table)),
      ...(views.includes(IMAGES_VIEW) ? [] : [writer.dialect.createView(IMAGES_VIEW, IMAGES_SELECT)]),
      ...(added.length === 0 ? [] : writer.dialect.addColumns('images', added)),
    ],
  };
}

/**
 * Makes the tables and columns. On engines without transactional DDL each statement commits by itself; retype_meta is made first
 * and says `expanding` until all is there, so an expand that was killed is finished by the same command, and columns that it
 * had already made are known to be its own.
 */
export async function applyExpand(
  writer: Database,
  plan: Extract<ExpandPlan, { kind: 'create' }>,
  toolVersion: string,
): Promise<void> {
  if (writer.dialect.transactionalDdl) {
    await writer.transaction(async (trx) => runExpand(trx, plan, toolVersion));
  } else {
    await runExpand(writer, plan, toolVersion);
  }
}

async function runExpand(
  executor: Executor,
  plan: Extract<ExpandPlan, { kind: 'create' }>,
  toolVersion: string,
): Promise<void> {
  const record = async (): Promise<void> =>
    insertMeta(executor, { state: 'expanding', target: plan.target, toolVersion, createdAt: timestamp() });
  if (plan.metaTable === 'empty') {
    await record();
  }
  for (const [index, statement] of plan.statements.entries()) {
    await executor.execute(statement);
    if (index === 0 && plan.metaTable === 'absent') {
      // retype_meta is the first table made: from here on the state is on record.
      await record();
    }
  }
  const [lease] = await executor.query(`SELECT id FROM ${LEASE_TABLE} WHERE id = 1`);
  if (lease === undefined) {
    await insertLease(executor);
  }
  await setMetaState(executor, 'expanded');
}

/** One line for a person. */
export function describeTarget(target: Target): string {
  return target.kind === 'table' ? 'target table' : `target columns (${columnList(target.names).join(', ')})`;
}

function alreadyExpanded(found: string, advice: string): RetypeError {
  return new RetypeError('ALREADY_EXPANDED', [
    { place: META_TABLE, expected: 'the target asked for, or a database not yet expanded', found, advice },
  ]);
}
