import type { Database } from '../db/database.ts';
import type { JournalMeta } from '../journal/meta.ts';
import { WHOLE } from '../journal/lease.ts';
import { dismantle, leaseIsThere, planDismantle, REBUILD_ADVICE, type Dismantling } from '../run/schema/dismantle.ts';
import { dismantleNeeds, needObjections } from '../run/schema/needs.ts';
import { readOnlyObjections, refuseIfAny } from '../run/preflight.ts';
import { attend } from './session/attendance.ts';
import { confirm } from './session/confirm.ts';
import { holdLease } from './session/held-lease.ts';

/** Tables and columns to be dropped, without anything to be undone before. */
export interface Remains {
  /** null where expand was killed before it had written down what it was about to do. */
  readonly meta: JournalMeta | null;
  readonly dismantling: Dismantling;
  /** What it is that will be finished, or taken away; a sentence. */
  readonly intent: string;
  readonly answer: 'yes' | 'ask';
}

/** Finishes an interrupted rollback or contract, or takes back an interrupted expand. Under the lease where there still is one. */
export async function finishDismantling(
  writer: Database,
  { meta, dismantling, intent, answer }: Remains,
): Promise<'done' | 'stopped'> {
  const command = dismantling === 'keep-results' ? 'contract' : 'rollback';
  using attendance = attend('stopping after the current statement');
  const { progress, stop } = attendance;
  const remains = await planDismantle(writer, meta, dismantling);
  refuseIfAny([...(await readOnlyObjections(writer)), ...(await needObjections(writer, dismantleNeeds(remains)))]);
  const dropped = [...remains.columns, ...remains.views, ...remains.tables].join(', ');
  await confirm(
    [intent, `  dropped: ${dropped}`, ...(remains.leavesHidden === 'columns' ? [`  ${REBUILD_ADVICE}`] : [])],
    answer,
  );
  const context = { writer, onEvent: progress, stop };
  if (!(await leaseIsThere(writer))) return await dismantle(context, null, meta, dismantling);
  await using held = await holdLease(writer, { purpose: command, scope: WHOLE, onEvent: progress, stop });
  const end = await dismantle(context, held.lease, meta, dismantling);
  if (end === 'done') held.dropped();
  return end;
}
