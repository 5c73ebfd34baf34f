import { BASELINE_COLUMNS, BASELINES, type Baseline } from './baseline.ts';
import { type ChildCost, runChild } from './child.ts';
import { type BenchEngine, inDatabase } from './engines.ts';

/** Every measurement of one size, one entry a repetition. Seconds, unless it is a cost. */
export interface Measurements {
  readonly wholeTable: number[];
  readonly liveRows: number[];
  readonly expand: ChildCost[];
  readonly migrate: ChildCost[];
  readonly plan: ChildCost[];
  readonly dump: number[];
}

/** The built program. */
export const CLI = new URL('../../dist/cli.js', import.meta.url).pathname;

/** Measures everything `repeat` times, the order turned by one each time so that no contender is always first. */
export async function measureSize(
  engine: BenchEngine,
  repeat: number,
  onStep: (text: string) => void,
): Promise<Measurements> {
  const found: Measurements = { wholeTable: [], liveRows: [], expand: [], migrate: [], plan: [], dump: [] };
  const [wholeTable, liveRows] = BASELINES;
  const contenders: readonly (() => Promise<string>)[] = [
    async () => record(found.wholeTable, wholeTable.name, await timeBaseline(engine, wholeTable)),
    async () => record(found.liveRows, liveRows.name, await timeBaseline(engine, liveRows)),
    () => measureMigration(engine, found),
    () => measureReading(engine, found),
  ];
  for (let round = 0; round < repeat; round += 1) {
    for (let index = 0; index < contenders.length; index += 1) {
      const contender = contenders[(index + round) % contenders.length];
      if (contender !== undefined) onStep(`round ${String(round + 1)}: ${await contender()}`);
    }
  }
  return found;
}

function record(into: number[], name: string, seconds: number): string {
  into.push(seconds);
  return `${name} ${seconds.toFixed(2)} s`;
}

/** The columns are there before the clock starts: adding them is `expand`, which is measured apart. */
async function timeBaseline(engine: BenchEngine, baseline: Baseline): Promise<number> {
  return inDatabase(await engine.freshCopy(), async (database) => {
    for (const statement of database.dialect.addColumns('images', BASELINE_COLUMNS)) await database.execute(statement);
    const began = process.hrtime.bigint();
    await database.execute(baseline.sql);
    return Number(process.hrtime.bigint() - began) / 1e9;
  });
}

async function measureMigration(engine: BenchEngine, found: Measurements): Promise<string> {
  const url = await engine.freshCopy();
  const expand = await runProduct(url, 'expand', '--yes');
  const migrate = await runProduct(url, 'migrate', '--yes');
  found.expand.push(expand);
  found.migrate.push(migrate);
  return `expand ${expand.seconds.toFixed(2)} s, migrate ${migrate.seconds.toFixed(2)} s`;
}

async function measureReading(engine: BenchEngine, found: Measurements): Promise<string> {
  const plan = await runProduct(engine.pristineUrl, 'plan');
  found.plan.push(plan);
  const command = engine.dumpCommand();
  if (command === null) return `plan ${plan.seconds.toFixed(2)} s`;
  const dump = await runChild(command);
  found.dump.push(dump.seconds);
  return `plan ${plan.seconds.toFixed(2)} s, client's dump ${dump.seconds.toFixed(2)} s`;
}

/** The built program as an operator runs it; the address goes in by the environment, as the manual advises. */
function runProduct(url: string, ...words: readonly string[]): Promise<ChildCost> {
  return runChild([process.execPath, CLI, ...words], { GLANCE_RETYPE_DATABASE_URL: url });
}
