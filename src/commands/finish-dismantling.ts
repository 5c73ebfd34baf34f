import type { Database } from '../db/database.ts';
import type { JournalMeta } from '../journal/meta.ts';
import { WHOLE } from '../journal/lease.ts';
import { dismantle, leaseIsThere, planDismantle, REBUILD_ADVICE, type Dismantling } from '../run/schema/dismantle.ts';
import { dismantleNeeds, needObjections } from '../run/schema/needs.ts';
import { readOnlyObjections, refuseIfAny } from '../run/preflight.ts';
import { attended } from './session/attended.ts';
import { confirm } from './session/confirm.ts';
import { withLease } from './session/with-lease.ts';

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
  return attended('stopping after the statement in hand', async ({ progress, stop }) => {
    const remains = await planDismantle(writer, meta, dismantling);
    refuseIfAny([...(await readOnlyObjections(writer)), ...(await needObjections(writer, dismantleNeeds(remains)))]);
    const dropped = [...remains.columns, ...remains.views, ...remains.tables].join(', ');
    await confirm(
      [intent, `  dropped: ${dropped}`, ...(remains.leavesHidden === 'columns' ? [`  ${REBUILD_ADVICE}`] : [])],
      answer,
    );
    const context = { writer, onEvent: progress, stop };
    if (!(await leaseIsThere(writer))) return dismantle(context, null, meta, dismantling);
    return withLease(writer, { purpose: command, scope: WHOLE, onEvent: progress, stop }, async (lease) => {
      const end = await dismantle(context, lease, meta, dismantling);
      return { value: end, lease: end === 'done' ? 'gone' : 'release' };
    });
  });
}
