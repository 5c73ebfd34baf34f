import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { CLI } from './run-cli.ts';
import { privateTmux } from './tmux.ts';

/** What a command left on a terminal. */
export interface TerminalResult {
  readonly code: number;
  /** Every byte that it sent, in UTF-8. */
  readonly sent: string;
  /** The lines that stand on the screen, from the top; trailing blanks and empty last lines are gone. */
  readonly screen: readonly string[];
}

interface Terminal {
  readonly columns: number;
  readonly rows: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the built program in a terminal of its own (tmux) until it ends. */
export async function runInTerminal(
  argv: readonly string[],
  { columns, rows, env = {} }: Terminal,
): Promise<TerminalResult> {
  const log = join(mkdtempSync(join(tmpdir(), 'glance-retype-terminal-')), 'sent');
  const tmux = privateTmux();
  const settings = Object.entries({ GLANCE_RETYPE_DATABASE_URL: '', ...env }).map(
    ([name, value]) => `${name}=${value}`,
  );
  // It begins when it is told to, so that nothing it sends is missed. The title set last says that everything was taken in.
  const script = 'stty -echo; read go; stty echo; "$@"; printf "\\033]2;ended %s\\007" $?; read stay';
  const command = ['env', ...settings, 'sh', '-c', script, 'sh', process.execPath, CLI, ...argv];
  tmux('-f', '/dev/null', 'new-session', '-d', '-x', String(columns), '-y', String(rows), ...command);
  try {
    tmux('pipe-pane', '-o', `cat > ${log}`);
    tmux('send-keys', 'Enter');
    let title = '';
    while (!title.startsWith('ended ')) {
      await wait(50);
      title = tmux('display-message', '-p', '#{pane_title}').trim();
    }
    const screen = tmux('capture-pane', '-p').trimEnd().split('\n');
    const end = `\u001B]2;${title}\u0007`;
    let sent = '';
    while (!sent.includes(end)) {
      await wait(50);
      sent = readFileSync(log, 'utf8');
    }
    return { code: Number(title.slice('ended '.length)), sent: sent.slice(0, sent.indexOf(end)), screen };
  } finally {
    tmux('kill-server');
  }
}
