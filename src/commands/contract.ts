import { WHOLE } from '../journal/lease.ts';
import { JOURNAL_TABLE } from '../journal/tables.ts';
import { dismantle, planDismantle } from '../run/dismantle.ts';
import { findMeta, grantObjections, readOnlyObjections, refuseIfAny, requireExpanded } from '../run/preflight.ts';
import { readStatus } from '../run/status.ts';
import { defineCommand } from './command.ts';
import { confirm } from './confirm.ts';
import { databaseOptions, databaseSpec, withDatabases, type DatabaseOptions } from './database-option.ts';
import { print } from './terminal.ts';
import { withLease } from './with-lease.ts';

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
        await confirm([`This will finish an interrupted contract of ${writer.label}.`], answer);
        await dismantle(writer, await planDismantle(writer, found, 'keep-results'), 'keep-results');
        await print('Contract finished.\n');
        return 0;
      }
      const meta = await requireExpanded(writer);
      refuseIfAny([...(await readOnlyObjections(writer)), ...(await grantObjections(writer, JOURNAL_TABLE, ['drop']))]);
      const status = await readStatus(writer);
      const undecided = status.kind === 'expanded' ? status.stored.ambiguous + status.stored.unmappable : 0;
      const unsettled = status.kind === 'expanded' ? status.unsettled : 0;
      const contraction = await planDismantle(writer, meta, 'keep-results');
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
      return withLease(writer, { purpose: 'contract', scope: WHOLE }, async (lease) => {
        await lease.extend();
        await dismantle(writer, contraction, 'keep-results');
        await print(
          `Contracted: dropped ${dropped}. The results are in ${
            meta.target.kind === 'table' ? 'retype_images' : 'the columns on images'
          }.\n`,
        );
        return { value: 0 as const, lease: 'gone' };
      });
    }),
});
