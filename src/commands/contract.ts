import { WHOLE } from '../journal/lease.ts';
import { dismantle, planDismantle } from '../run/schema/dismantle.ts';
import { dismantleNeeds, needObjections, readingNeeds } from '../run/schema/needs.ts';
import { expandRemains, findMeta, readOnlyObjections, refuseIfAny, requireExpanded } from '../run/preflight.ts';
import { readStatus } from '../run/status.ts';
import { attended } from './session/attended.ts';
import { defineCommand } from './session/command.ts';
import { confirm } from './session/confirm.ts';
import { databaseOptions, databaseSpec, withDatabases, type DatabaseOptions } from './options/database.ts';
import { finishDismantling } from './finish-dismantling.ts';
import { print } from './session/terminal.ts';
import { withLease } from './session/with-lease.ts';

interface ContractOptions extends DatabaseOptions {
  readonly yes: boolean | undefined;
}

export const contractCommand = defineCommand<ContractOptions>({
  options: (yargs) => databaseOptions(yargs).option('yes', { type: 'boolean', describe: 'do not ask' }),
  run: async (options) =>
    withDatabases(databaseSpec(options, process.env), ['read-write'], async (writer) => {
      const answer = options.yes === true ? 'yes' : 'ask';
      const found = await findMeta(writer);
      if (found?.state === 'contracting') {
        const intent = `This will finish an interrupted contract of ${writer.label}.`;
        const end = await finishDismantling(writer, { meta: found, dismantling: 'keep-results', intent, answer });
        await print(end === 'done' ? 'Contract finished.\n' : STOPPED);
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
      await confirm(
        [
          `This will drop ${dropped} from ${writer.label}.`,
          `  The results stay in ${meta.target.kind === 'table' ? 'the view retype_images' : 'the columns on images'}; the checkpoints go, and with it every rollback.`,
          ...(undecided > 0 ? [`  ${undecided} images are still undecided.`] : []),
          ...(unsettled > 0 ? [`  ${unsettled} live images have not been migrated.`] : []),
        ],
        answer,
      );
      return attended('stopping after the statement in hand', async ({ progress, stop }) =>
        withLease(writer, { purpose: 'contract', scope: WHOLE, onEvent: progress, stop }, async (lease) => {
          const end = await dismantle({ writer, onEvent: progress, stop }, lease, meta, 'keep-results');
          await print(
            end === 'stopped'
              ? STOPPED
              : `Contracted: dropped ${dropped}. The results are in ${
                  meta.target.kind === 'table' ? 'retype_images' : 'the columns on images'
                }.\n`,
          );
          return end === 'stopped' ? { value: 3, lease: 'release' } : { value: 0, lease: 'gone' };
        }),
      );
    }),
});

const STOPPED = 'Stopped; the same command goes on from here.\n';
