import type { Database } from '../db/database.ts';
import { droppedNames } from '../run/schema/dismantle.ts';
import { readingNeeds } from '../run/schema/needs.ts';
import { expandRemains, findMeta, requireExpanded } from '../run/preflight.ts';
import { readStatus } from '../run/status.ts';
import { dropSchema } from './drop-schema.ts';
import { contractRecord } from './documents/schema-records.ts';
import { commandTail, databaseOptions, databaseSpec } from './options/database.ts';
import { accessOf, answerOf, writingOptions } from './options/writing.ts';
import { jsonFile } from './options/kinds.ts';
import { defineDatabaseCommand } from './session/database.ts';
import { deliver } from './session/deliver.ts';
import { stoppedText } from './session/output.ts';

export const contractCommand = defineDatabaseCommand({
  options: (yargs) => writingOptions(databaseOptions(yargs)).option('json', jsonFile('the result')),
  run: async (options, session) => {
    await using writer = await session.open(databaseSpec(options, process.env), accessOf(options));
    const found = await findMeta(writer);
    if (found === null && (await expandRemains(writer)) === 'results') {
      const nothing = { end: 'already-contracted', target: null, dropped: [], exitCode: 0, next: [] } as const;
      await deliver(options.json, {
        record: () => contractRecord({ ...nothing, database: writer.label }),
        text: () =>
          `Nothing is left to contract: the tool's own tables are gone from ${writer.label}, and the results are there.\n`,
      });
      return 0;
    }
    const interrupted = found?.state === 'contracting' ? found : null;
    const meta = interrupted ?? (await requireExpanded(writer));
    const results = meta.target.kind === 'table' ? 'the view retype_images' : 'the columns on images';
    const { end, dropped } = await dropSchema(writer, {
      meta,
      dismantling: 'keep-results',
      alsoNeeds: interrupted === null ? readingNeeds('glance-and-journal') : {},
      intent: async (plan) =>
        interrupted === null
          ? describeContraction(writer, droppedNames(plan), results)
          : [`This will finish an interrupted contract of ${writer.label}.`, `  dropped: ${droppedNames(plan)}`],
      answer: answerOf(options),
      tail: commandTail(options),
      json: options.json,
    });
    if (end === 'shown') return 0;
    const again = `contract${commandTail(options)}`;
    const [exitCode, next] = end === 'stopped' ? ([3, [`glance-retype ${again}`]] as const) : ([0, []] as const);
    await deliver(options.json, {
      record: () => contractRecord({ end, target: meta.target.kind, dropped, database: writer.label, exitCode, next }),
      text: () => {
        if (end === 'stopped') return stoppedText(again);
        return interrupted === null
          ? `Contracted: dropped ${dropped.join(', ')}. The results are in ${results}.\n`
          : 'Contract finished.\n';
      },
    });
    return exitCode;
  },
});

async function describeContraction(writer: Database, dropped: string, results: string): Promise<readonly string[]> {
  const status = await readStatus(writer);
  const undecided = status.kind === 'expanded' ? status.stored.ambiguous + status.stored.unmappable : 0;
  const unsettled = status.kind === 'expanded' ? status.unsettled : 0;
  return [
    `This will drop ${dropped} from ${writer.label}.`,
    `  The results stay in ${results}; the checkpoints go, and with them every rollback.`,
    ...(undecided > 0 ? [`  ${undecided} images are still undecided.`] : []),
    ...(unsettled > 0 ? [`  ${unsettled} live images have not been migrated.`] : []),
  ];
}
