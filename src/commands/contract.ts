import { WHOLE } from '../journal/lease.ts';
import { dismantle, planDismantle } from '../run/schema/dismantle.ts';
import { dismantleNeeds, needObjections, readingNeeds } from '../run/schema/needs.ts';
import { expandRemains, findMeta, readOnlyObjections, refuseIfAny, requireExpanded } from '../run/preflight.ts';
import { readStatus } from '../run/status.ts';
import { finishDismantling } from './finish-dismantling.ts';
import { commandTail, databaseOptions, databaseSpec, type DatabaseOptions } from './options/database.ts';
import { attend } from './session/attendance.ts';
import { defineCommand } from './session/command.ts';
import { confirm } from './session/confirm.ts';
import { holdLease } from './session/held-lease.ts';
import { print, stoppedText } from './session/output.ts';

interface ContractOptions extends DatabaseOptions {
  readonly yes: boolean | undefined;
}

export const contractCommand = defineCommand<ContractOptions>({
  options: (yargs) => databaseOptions(yargs).option('yes', { type: 'boolean', describe: 'do not ask' }),
  run: async (options, session) => {
    await using writer = await session.open(databaseSpec(options, process.env), 'read-write');
    const answer = options.yes === true ? 'yes' : 'ask';
    const stopped = stoppedText(`contract${commandTail(options)}`);
    const found = await findMeta(writer);
    if (found?.state === 'contracting') {
      const intent = `This will finish an interrupted contract of ${writer.label}.`;
      const end = await finishDismantling(writer, { meta: found, dismantling: 'keep-results', intent, answer });
      await print(end === 'done' ? 'Contract finished.\n' : stopped);
      return end === 'done' ? 0 : 3;
    }
    if (found === null && (await expandRemains(writer)) === 'results') {
      await print(
        `Nothing is left to contract: the tool's own tables are gone from ${writer.label}, and the results are there.\n`,
      );
      return 0;
    }
    const meta = await requireExpanded(writer);
    const contraction = await planDismantle(writer, meta, 'keep-results');
    refuseIfAny([
      ...(await readOnlyObjections(writer)),
      ...(await needObjections(writer, readingNeeds('glance-and-journal'), dismantleNeeds(contraction))),
    ]);
    const status = await readStatus(writer);
    const undecided = status.kind === 'expanded' ? status.stored.ambiguous + status.stored.unmappable : 0;
    const unsettled = status.kind === 'expanded' ? status.unsettled : 0;
    const dropped = [...contraction.views, ...contraction.tables].join(', ');
    const results = meta.target.kind === 'table' ? 'the view retype_images' : 'the columns on images';
    await confirm(
      [
        `This will drop ${dropped} from ${writer.label}.`,
        `  The results stay in ${results}; the checkpoints go, and with them every rollback.`,
        ...(undecided > 0 ? [`  ${undecided} images are still undecided.`] : []),
        ...(unsettled > 0 ? [`  ${unsettled} live images have not been migrated.`] : []),
      ],
      answer,
    );
    using attendance = attend('stopping after the current statement');
    const { progress, stop } = attendance;
    await using held = await holdLease(writer, { purpose: 'contract', scope: WHOLE, onEvent: progress, stop });
    const end = await dismantle({ writer, onEvent: progress, stop }, held.lease, meta, 'keep-results');
    if (end === 'stopped') {
      await print(stopped);
      return 3;
    }
    held.dropped();
    await print(`Contracted: dropped ${dropped}. The results are in ${results}.\n`);
    return 0;
  },
});
