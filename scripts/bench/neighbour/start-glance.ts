import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { NeighbourReport, NeighbourTask, Order, Word } from './messages.ts';

const PROGRAM = fileURLToPath(new URL('./glance.ts', import.meta.url));
const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));

/** Users come for this long before anything is counted: the first writes pay for connections. */
const LEAD_IN_MS = 2_000;

/**
 * Lets a simulated Glance write while `work` runs, and counts the writes that are due from its beginning to its end, however long
 * their answers take.
 * @throws Error with the end of what the simulated Glance printed, where it fails.
 */
export async function besideGlance<T>(
  task: NeighbourTask,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly report: NeighbourReport }> {
  const glance = fork(PROGRAM, [JSON.stringify(task)], {
    cwd: PROJECT,
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  try {
    await word(glance, 'ready');
    await new Promise((resolve) => setTimeout(resolve, LEAD_IN_MS));
    const reported = word(glance, 'report');
    // Where it fails meanwhile, that is found when the work is done.
    reported.catch(() => {});
    const from = Date.now();
    const result = await work();
    if (glance.connected) order(glance, { from, to: Date.now() });
    return { result, report: (await reported).report };
  } finally {
    glance.kill();
  }
}

function order(glance: ChildProcess, message: Order): void {
  glance.send(message);
}

async function word<Kind extends Word['kind']>(
  glance: ChildProcess,
  kind: Kind,
): Promise<Extract<Word, { kind: Kind }>> {
  return new Promise((resolve, reject) => {
    let tail = '';
    glance.stderr?.on('data', (piece: Buffer) => (tail = (tail + piece.toString()).slice(-4_000)));
    glance.on('message', (message: Word) => {
      if (message.kind === kind) resolve(message as Extract<Word, { kind: Kind }>);
    });
    glance.once('close', (code) => reject(new Error(`the simulated Glance ended with ${String(code)}:\n${tail}`)));
  });
}
