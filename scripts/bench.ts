/**
 * How fast, with how much memory, and how long a live Glance has to wait: the built program beside what a deployment would do
 * without it, on the same generated clouds, in turns; and `probe` beside the programs that know images. Asserts nothing.
 *   npm run bench -- [--only migration|neighbour|shards|probe] [--engine mariadb|postgres|sqlite|all] [--sizes 10000,100000,1000000]
 *                    [--repeat 5] [--seed 2011] [--write]
 * Clouds are loaded once, into the git-ignored bench-data/ (two gigabytes for a million images on MariaDB), and copied from there.
 * --write puts what was measured into scripts/bench/results.{md,svg,json}; what other engines and sizes have there stays.
 */
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { benchMigration, benchNeighbour, benchShards } from './bench/bench-engine.ts';
import { machineText } from './bench/conditions.ts';
import type { BenchEngine } from './bench/engine.ts';
import type { BenchEngineName } from './bench/engine-names.ts';
import { type Part, readOptions } from './bench/options.ts';
import { measureProbe } from './bench/probe/probe.ts';
import { rewriteResults } from './bench/results/files.ts';
import { type EngineResults, mergeResults, type Occasion } from './bench/results/results.ts';
import { terminalText } from './bench/results/terminal.ts';
import { startEngine } from './bench/start-engine.ts';
import { run } from './servers/private-server.ts';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const OXFMT = fileURLToPath(new URL('../node_modules/.bin/oxfmt', import.meta.url));

const options = readOptions(process.argv.slice(2));
// What else the machine was busy with before anything was measured: figures from a busy machine say little.
const [load = 0] = loadavg();
const occasion: Occasion = {
  date: new Date().toISOString().slice(0, 10),
  repeat: options.repeat,
  load: Number(load.toFixed(1)),
};

/** A part of its own is a line here. */
const parts: Readonly<Record<Part, () => Promise<readonly string[]>>> = {
  migration: () => onEachEngine((engine) => benchMigration(taskFor(engine), options.sizes)),
  neighbour: () => onEachEngine((engine) => benchNeighbour(taskFor(engine), Math.max(...options.sizes))),
  shards: () => onEachEngine((engine) => benchShards(taskFor(engine), Math.max(...options.sizes))),
  probe: async () => [
    `${machineText()}; load average before the start ${load.toFixed(1)}\n${await measureProbe(options.repeat, progress)}`,
  ],
};
const texts: string[] = [];
for (const part of options.parts) texts.push(...(await parts[part]()));
process.stdout.write(`${texts.join('\n\n')}\n`);

/** Written engine by engine, so that a run that is cut short leaves what it has. */
async function onEachEngine(measure: (engine: BenchEngine) => Promise<EngineResults>): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of options.engines) {
    const engine = await startEngine(name);
    try {
      const results = await measure(engine);
      await write(name, results);
      found.push(terminalText(results));
    } finally {
      await engine.stop();
    }
  }
  return found;
}

async function write(name: BenchEngineName, results: EngineResults): Promise<void> {
  if (options.output === 'terminal') return;
  const files = rewriteResults((there) => mergeResults(there, name, results));
  // They lie where the formatter looks, which knows no exceptions outside the folder of its configuration.
  await run(OXFMT, ['-c', 'config/oxfmt.json', ...files.filter((file) => !file.endsWith('.svg'))], { cwd: PROJECT });
  for (const file of files) progress(`written: ${file}`);
}

function taskFor(engine: BenchEngine): Parameters<typeof benchMigration>[0] {
  return { engine, occasion, seed: options.seed, onStep: progress };
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
