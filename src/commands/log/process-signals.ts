import inspector from 'node:inspector';

/**
 * What must hold from the first moment of the process to its last, so `cli.ts` imports this module before all others.
 *
 * SIGUSR1 never opens a debugger. Node opens one unless somebody listens, and it does so for a signal that arrives
 * before any module runs as well (measured on 2026-11-30 with Node 20.20: about 40 ms). That one is closed at once,
 * unless the operator asked for it with --inspect.
 */
let answer: () => void = () => {
  process.stderr.write('glance-retype: nothing to report\n');
};

process.on('SIGUSR1', () => answer());
if (inspector.url() !== undefined && !isDebuggerWanted()) inspector.close();

// A reader that has gone (`plan | head`) shows in the callback of each write. Without a listener the event itself would
// end the process, even in the middle of a migration.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

/** Says what SIGUSR1 prints from now on. */
export function answerSignal(print: () => void): void {
  answer = print;
}

function isDebuggerWanted(): boolean {
  const given = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(' ')];
  return given.some((option) => option.startsWith('--inspect'));
}
