import type { Fact } from '../../db/connection/address-help.ts';
import { readFilesystemStores } from '../../glance/conf/filesystem-stores.ts';
import { FORMAT_VERSION } from '../../report/records/format-version.ts';
import { section } from '../../report/terminal/layout/section.ts';
import { safeText } from '../../report/words/safe-text.ts';
import type { TerminalStyle } from '../../report/words/style.ts';
import { surroundings } from '../options/conf-layers.ts';
import { confInForce, findDatabase, type FoundDatabase, type GivenDatabase } from '../options/database.ts';
import { print, styleOf, writeJson } from './output.ts';

/** Options of some commands that are shown beside the database. */
interface GivenBeside {
  readonly json?: string | undefined;
  readonly rules?: readonly string[] | undefined;
  readonly answers?: string | undefined;
}

interface ShownConfig {
  readonly database: readonly Fact[];
  readonly stores: readonly Fact[];
  readonly deciding: readonly Fact[];
  /** Configuration files, then option files, in the order of reading. */
  readonly files: readonly string[];
  readonly remarks: readonly string[];
}

/**
 * Prints what a command would use and where each value is set. Connects to nothing.
 * @throws RetypeError as `findDatabase` does.
 */
export async function showConfig(given: GivenDatabase & GivenBeside, environment: NodeJS.ProcessEnv): Promise<0> {
  const config = gather(findDatabase(given, surroundings(environment)), given, environment);
  await writeJson(given.json, () => configRecord(config));
  if (given.json !== '-') await print(`${configText(config, styleOf(process.stdout))}\n`);
  return 0;
}

/** What --show-config says, as JSON. Keys are only ever added. */
export function configRecord(config: ShownConfig) {
  return { format_version: FORMAT_VERSION, kind: 'configuration' as const, ...config };
}

function gather(
  { address, conf, remarks }: FoundDatabase,
  given: GivenDatabase & GivenBeside,
  environment: NodeJS.ProcessEnv,
): ShownConfig {
  const { connectionParameters = null, syncWait = null } = conf ?? {};
  const parameters =
    connectionParameters === null
      ? []
      : [{ name: 'parameters', value: 'appended to the address', source: connectionParameters.place }];
  const wait =
    syncWait === null
      ? []
      : [
          {
            name: 'mysql_wsrep_sync_wait',
            value: `${syncWait.value.trim()} (on Galera, glance-retype itself waits as with 1)`,
            source: syncWait.place,
          },
        ];
  const stores = readFilesystemStores(confInForce(given, environment), environment);
  return {
    database: [...address.facts, ...parameters, ...wait],
    stores: [
      ...stores.directories.map(({ value, place }) => ({ name: 'store', value, source: place })),
      ...stores.problems.map(({ found, place }) => ({ name: 'not used', value: found, source: place })),
    ],
    deciding: [
      ...(given.rules ?? []).map((file) => ({ name: 'rules', value: file, source: '--rules' })),
      { name: 'rules', value: 'the rules that come with the tool', source: 'default' },
      ...(given.answers === undefined ? [] : [{ name: 'answers', value: given.answers, source: '--answers' }]),
    ],
    files: [...(conf?.files ?? []), ...address.files],
    remarks: remarks.map(({ text }) => text),
  };
}

function configText({ database, stores, deciding, files, remarks }: ShownConfig, style: TerminalStyle): string {
  return [
    section('Database', factLines(database), style),
    section('Files read, in order', files.length === 0 ? ['none'] : files.map(safeText), style),
    ...(stores.length === 0 ? [] : [section('Image stores', factLines(stores), style)]),
    section('What decides', factLines(deciding), style),
    ...(remarks.length === 0 ? [] : [section('Remarks', remarks.map(safeText), style)]),
    'Nothing was connected to, and nothing was written.',
  ].join('\n\n');
}

/** Never cut or wrapped: a path must stay whole. */
function factLines(facts: readonly Fact[]): readonly string[] {
  const safe = facts.map(({ name, value, source }) => [safeText(name), safeText(value), safeText(source)] as const);
  const widthOf = (column: 0 | 1): number => Math.max(...safe.map((cells) => cells[column].length));
  return safe.map(([name, value, source]) => `${name.padEnd(widthOf(0))}  ${value.padEnd(widthOf(1))}  ${source}`);
}
