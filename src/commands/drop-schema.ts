import type { Database } from '../db/database.ts';
import { WHOLE } from '../journal/lease.ts';
import type { JournalMeta } from '../journal/meta.ts';
import {
  dismantle,
  dismantleStatements,
  type DismantlePlan,
  type Dismantling,
  leaseExists,
  planDismantle,
} from '../run/schema/dismantle.ts';
import { dismantleNeeds, needObjections, type Needs } from '../run/schema/needs.ts';
import { readOnlyObjections, refuseIfAny } from '../run/preflight.ts';
import { tellDryRun } from './dry-run/text.ts';
import { attend } from './session/attendance.ts';
import { confirm } from './session/confirm.ts';
import { holdLease } from './session/held-lease.ts';

/** Tables and columns that a command drops, with nothing to be undone before. */
export interface SchemaDrop {
  /** null where expand was killed before it had recorded what it was about to do. */
  readonly meta: JournalMeta | null;
  readonly dismantling: Dismantling;
  /** Privileges that the command needs beside those for dropping. */
  readonly alsoNeeds: Needs;
  /** The lines that the operator reads before the question. */
  readonly intent: (plan: DismantlePlan) => Promise<readonly string[]>;
  readonly answer: 'yes' | 'ask' | 'dry-run';
  /** The options that name the database, for the command that is suggested. */
  readonly tail: string;
  /** The place of --json, for a dry run; else the caller hands the result over. */
  readonly json: string | undefined;
}

/**
 * Drops the tool's tables, and the result columns where asked to: for contract, for a rollback without runs, and for
 * the rest of an interrupted one of them. Checks, asks, and holds the lease where it still exists.
 *
 * With `dry-run` it only shows what it would do, and is refused as it would be.
 *
 * @returns the names of what was to be dropped.
 */
export async function dropSchema(
  writer: Database,
  { meta, dismantling, alsoNeeds, intent, answer, tail, json }: SchemaDrop,
): Promise<{ readonly end: 'done' | 'stopped' | 'shown'; readonly dropped: readonly string[] }> {
  const plan = await planDismantle(writer, meta, dismantling);
  const objections = [
    ...(await readOnlyObjections(writer)),
    ...(await needObjections(writer, alsoNeeds, dismantleNeeds(plan))),
  ];
  const dropped = [...plan.columns, ...plan.views, ...plan.tables];
  const purpose = dismantling === 'keep-results' ? 'contract' : 'rollback';
  if (answer === 'dry-run') {
    const statements = await dismantleStatements(writer, plan);
    const next = `glance-retype ${purpose}${tail}`;
    const asked = await intent(plan);
    const database = writer.label;
    await tellDryRun(json, { command: purpose, database, intent: asked, statements, objections, next });
    return { end: 'shown', dropped };
  }
  refuseIfAny(objections);
  await confirm(await intent(plan), answer);
  using attendance = attend('stopping after the current statement');
  const { progress, stop } = attendance;
  const context = { writer, onEvent: progress, stop };
  if (!(await leaseExists(writer))) return { end: await dismantle(context, null, meta, dismantling), dropped };
  await using held = await holdLease(writer, { purpose, scope: WHOLE, onEvent: progress, stop });
  const end = await dismantle(context, held.lease, meta, dismantling);
  if (end === 'done') held.dropped();
  return { end, dropped };
}
