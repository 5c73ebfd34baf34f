import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BENCH_ENGINES } from '../engine-names.ts';
import { resultsMarkdown } from './markdown.ts';
import { neighbourSvg } from './neighbour-svg.ts';
import { NO_RESULTS, type Results } from './results.ts';
import { ratiosSvg } from './svg.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const RAW = 'results.json';

/** Reads the written results, lets `change` put new ones in, and writes figures, tables and plots. @returns the files written. */
export function rewriteResults(change: (there: Results) => Results, folder = FOLDER): readonly string[] {
  const raw = path.join(folder, RAW);
  const results = change(existsSync(raw) ? readResults(readFileSync(raw, 'utf8')) : NO_RESULTS);
  const files: Readonly<Record<string, string>> = {
    [RAW]: `${JSON.stringify(results, null, 2)}\n`,
    'results.md': resultsMarkdown(results),
    'results.svg': ratiosSvg(results),
    'results-neighbour.svg': neighbourSvg(results),
  };
  return Object.entries(files).map(([name, text]) => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    return file;
  });
}

/**
 * Reads written results.
 * @throws Error that says what to do where they are of another shape; nothing else than this program writes them.
 */
export function readResults(text: string): Results {
  const found: unknown = JSON.parse(text);
  if (!isResults(found)) {
    throw new Error(`${RAW} is not of this version of the benchmark: delete it and measure every engine anew`);
  }
  return found;
}

function isResults(found: unknown): found is Results {
  if (typeof found !== 'object' || found === null) return false;
  const { version, engines } = found as { readonly version?: unknown; readonly engines?: unknown };
  if (version !== NO_RESULTS.version || typeof engines !== 'object' || engines === null) return false;
  return Object.entries(engines as Readonly<Record<string, unknown>>).every(
    ([name, results]) =>
      BENCH_ENGINES.some((engine) => engine === name) &&
      typeof results === 'object' &&
      results !== null &&
      'conditions' in results &&
      'sizes' in results &&
      Array.isArray(results.sizes) &&
      'neighbour' in results,
  );
}
