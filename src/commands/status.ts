import { readStatus } from '../run/status.ts';
import { commandTail, databaseOptions, databaseSpec } from './options/database.ts';
import { jsonFile } from './options/kinds.ts';
import { defineDatabaseCommand } from './session/database.ts';
import { print, styleOf, writeJson } from './session/output.ts';
import { isDeadProcess } from './session/process-identity.ts';
import { describeStatus, type KnowsDead, statusRecord } from './status-text.ts';

export const statusCommand = defineDatabaseCommand({
  options: (yargs) => databaseOptions(yargs).option('json', jsonFile('the status')),
  run: async (options, session) => {
    await using reader = await session.open(databaseSpec(options, process.env), 'read-only');
    const status = await readStatus(reader);
    const tail = commandTail(options);
    await writeJson(options.json, () => statusRecord(status, reader.label, tail, hasEnded));
    if (options.json !== '-') {
      await print(`${describeStatus(status, reader.label, tail, hasEnded, styleOf(process.stdout))}\n`);
    }
    return 0;
  },
});

const hasEnded: KnowsDead = ({ host, process: token }) => isDeadProcess(host ?? '', token ?? '');
