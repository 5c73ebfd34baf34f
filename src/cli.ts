#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';

import { quickProbe } from './commands/probe/quick-probe.ts';
import { firstError } from './commands/session/first-error.ts';
import { requireNode } from './commands/session/node-version.ts';
import { toolVersion } from './commands/session/version.ts';
import { ERRORS, type ExitCode } from './model/error-codes.ts';
import { RetypeError } from './model/error.ts';
import { safeText } from './report/words/safe-text.ts';

// Rows live for a few batches. By default V8 lets the heap grow to four times the live objects before it collects them.
// Measured on 2026-11-23: peak memory of a plan grew with the table by half as much, at no cost in time.
setFlagsFromString('--heap-growing-percent=40');

/** Runs one command line. The only place that prints an error and chooses an exit code. */
async function main(argv: readonly string[]): Promise<ExitCode> {
  try {
    requireNode(process.versions.node);
    return (await quickProbe(argv)) ?? (await parse(argv));
  } catch (error) {
    return explain(firstError(error));
  }
}

async function parse(argv: readonly string[]): Promise<ExitCode> {
  const { runCommandLine } = await import('./commands/parser.ts');
  return runCommandLine(argv, Math.min(120, process.stdout.columns ?? 100));
}

function explain(error: unknown): ExitCode {
  if (error instanceof RetypeError) {
    // Parts of a message may come from a file or a row; only the line breaks are ours.
    process.stderr.write(`${error.message.split('\n').map(safeText).join('\n')}\n`);
    if (process.env['GLANCE_RETYPE_DEBUG'] !== undefined && error.cause !== undefined) {
      process.stderr.write(`cause: ${error.cause instanceof Error ? error.cause.stack : typeof error.cause}\n`);
    }
    return error.exitCode;
  }
  const stack = error instanceof Error ? error.stack : String(error);
  process.stderr.write(
    `INTERNAL: ${ERRORS.INTERNAL.title}\n${ERRORS.INTERNAL.text}\nglance-retype ${toolVersion()}, Node ${process.version}, ${process.platform}\n${stack}\n`,
  );
  return ERRORS.INTERNAL.exit;
}

async function start(): Promise<void> {
  // Where nothing is left to wait for before the end, that is a bug.
  process.exitCode = ERRORS.INTERNAL.exit;
  process.exitCode = await main(process.argv.slice(2));
}

void start();
