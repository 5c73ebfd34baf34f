import { parseArgs } from 'node:util';

import type { ExitCode } from '../../model/error-codes.ts';
import { STANDARD_INPUT } from '../options/kinds.ts';

/**
 * Runs `probe` without the parser of all commands, which takes longer to load than many images take to read. Returns
 * null for a command line that is not simply a list of sources; the parser then handles it, and help and mistakes.
 */
export async function quickProbe(argv: readonly string[]): Promise<ExitCode | null> {
  const given = argv[0] === 'probe' ? plainly(argv.slice(1)) : null;
  if (given === null) return null;
  const { runProbe } = await import('./run.ts');
  return runProbe(given);
}

interface PlainProbe {
  readonly source: readonly string[];
  readonly json: '-' | undefined;
  readonly jobs: unknown;
}

function plainly(words: readonly string[]): PlainProbe | null {
  try {
    const { values, positionals, tokens } = parseArgs({
      args: [...words],
      options: { json: { type: 'boolean' }, jobs: { type: 'string' } },
      allowPositionals: true,
      tokens: true,
    });
    const named = tokens.filter(({ kind }) => kind === 'option').length;
    // `probe help` asks for help. The parser refuses a repeated option.
    if (positionals.length === 0 || words[0] === 'help' || named !== Object.keys(values).length) return null;
    const source = positionals.map((word) => (word === '-' ? STANDARD_INPUT : word));
    return { source, json: values.json === true ? '-' : undefined, jobs: values.jobs };
  } catch {
    return null;
  }
}
