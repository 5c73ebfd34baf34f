#!/usr/bin/env node
// First: from here on SIGUSR1 opens no debugger.
import './commands/log/process-signals.ts';
import { setFlagsFromString } from 'node:v8';

import { quickProbe } from './commands/probe/quick-probe.ts';
import { firstError } from './commands/session/first-error.ts';
import { nodeTooOld } from './commands/session/node-version.ts';
import { ERRORS, type ExitCode } from './model/error-codes.ts';

// Rows live for a few batches. By default V8 lets the heap grow to four times the live objects before it collects them.
// Measured on 2026-11-23: peak memory of a plan grew with the table by half as much, at no cost in time.
setFlagsFromString('--heap-growing-percent=40');

/** Runs one command line. The only place that prints an error and chooses an exit code. */
async function main(argv: readonly string[]): Promise<ExitCode> {
  try {
    return (await quickProbe(argv)) ?? (await parse(argv));
  } catch (error) {
    const { tellFailure } = await import('./commands/log/log.ts');
    return tellFailure(firstError(error), argv);
  }
}

async function parse(argv: readonly string[]): Promise<ExitCode> {
  const { runCommandLine } = await import('./commands/parser.ts');
  const code = await runCommandLine(argv, Math.min(120, process.stdout.columns ?? 100));
  const { closeLog } = await import('./commands/log/log.ts');
  return closeLog(code);
}

async function start(): Promise<void> {
  // Where nothing is left to wait for before the end, that is a bug.
  process.exitCode = ERRORS.INTERNAL.exit;
  const old = nodeTooOld(process.versions.node);
  if (old !== null) {
    process.stderr.write(`${old.message}\n`);
    process.exitCode = old.exitCode;
    return;
  }
  process.exitCode = await main(process.argv.slice(2));
}

void start();
