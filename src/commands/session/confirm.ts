import { createInterface } from 'node:readline/promises';

import { RetypeError } from '../../model/error.ts';
import { speech, tell } from '../log/log.ts';

/**
 * Says what a writing command is about to do and waits until the operator types yes.
 *
 * @param intent lines for the operator, on standard error.
 * @throws RetypeError CONFIRMATION_NEEDED without a terminal and without --yes, or when the answer is not yes.
 */
export async function confirm(intent: readonly string[], answer: 'yes' | 'ask'): Promise<void> {
  tell({ event: 'intent', lines: intent });
  if (answer === 'yes') {
    return;
  }
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw notConfirmed('no terminal to ask on', 'pass --yes when this is what you want');
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C and Ctrl-D at the question mean no.
  const refusal = new AbortController();
  lines.on('SIGINT', () => refusal.abort());
  lines.on('close', () => refusal.abort());
  try {
    // Nobody can say yes to what --quiet has left out.
    const unseen = speech().extent === 'quiet' ? `${intent.join('\n')}\n` : '';
    const typed = (await lines.question(`${unseen}Go on? Type yes: `, { signal: refusal.signal }).catch(() => ''))
      .trim()
      .toLowerCase();
    if (typed !== 'yes' && typed !== 'y') {
      throw notConfirmed(typed === '' ? 'no answer' : 'another answer', 'run the command again when you are ready');
    }
  } finally {
    lines.close();
  }
}

function notConfirmed(found: string, advice: string): RetypeError {
  return new RetypeError('CONFIRMATION_NEEDED', [{ place: '--yes', expected: 'a yes', found, advice }]);
}
