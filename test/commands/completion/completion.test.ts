import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { commands } from '../../../src/commands/commands.ts';
import { runLine } from '../../support/program/command.ts';
import { privateTmux } from '../../support/program/tmux.ts';

/** How a shell starts without anybody's own settings, and takes a script. */
const SHELLS = {
  bash: { start: ['bash', '--norc', '--noprofile', '-i'], settings: "PS1='$ '; bind 'set bell-style none'" },
  zsh: { start: ['zsh', '-f', '-i'], settings: "PS1='$ '; autoload -U compinit; compinit -u -D; setopt no_beep" },
} as const;

/** What is typed before TAB, and the line that stands there afterwards. */
const TYPED = [
  ['glance-retype pla', 'glance-retype plan'],
  ['glance-retype help verif', 'glance-retype help verify'],
  ['glance-retype migrate --dry', 'glance-retype migrate --dry-run'],
  ['glance-retype plan --probe und', 'glance-retype plan --probe undecided'],
  ['glance-retype plan --probe=und', 'glance-retype plan --probe=undecided'],
  ['glance-retype plan --fail-on=', 'glance-retype plan --fail-on=undecided'],
  ['glance-retype plan --answers ans', String.raw`glance-retype plan --answers answers\ of\ ours.yaml`],
  ['glance-retype plan --full --htm', 'glance-retype plan --full --html'],
  ['glance-retype probe ima', 'glance-retype probe image.qcow2'],
  ['glance-retype rules sh', 'glance-retype rules show'],
  ['glance-retype rules check ans', String.raw`glance-retype rules check answers\ of\ ours.yaml`],
  ['glance-retype completion z', 'glance-retype completion zsh'],
  ['glance-retype probe --openstack 2025.', 'glance-retype probe --openstack 2025.'],
  ['glance-retype probe --openstack 2025.1', 'glance-retype probe --openstack 2025.1'],
  ['glance-retype gate --must-accept=cin', 'glance-retype gate --must-accept=cinder'],
  ['glance-retype gate --nova-backend fl', 'glance-retype gate --nova-backend flat'],
  ['glance-retype plan --conten', 'glance-retype plan --conten'],
] as const;

describe.each(['bash', 'zsh'] as const)('completion in %s', (shell) => {
  const tmux = privateTmux();
  let script = '';
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'glance-retype-completion-'));
    script = join(folder, 'script');
    writeFileSync(script, (await runLine(['completion', shell])).stdout);
    for (const name of ['answers of ours.yaml', 'image.qcow2']) writeFileSync(join(folder, name), '');
    tmux('-f', '/dev/null', '-u', 'new-session', '-d', '-x', '150', '-y', '40', '-c', folder, ...SHELLS[shell].start);
    type(`${SHELLS[shell].settings}; source ${script}; clear; echo re''ady`);
    press('Enter');
    await screenWith(/^ready$/mu);
  });
  afterAll(() => {
    tmux('kill-server');
  });

  const type = (text: string): void => void tmux('send-keys', '-l', text);
  const press = (key: string): void => void tmux('send-keys', key);
  /** Waits until the screen shows something; after a quarter of a minute it throws with what is there. */
  const screenWith = async (wanted: RegExp): Promise<string> => {
    for (let turn = 0; ; turn += 1) {
      const screen = tmux('capture-pane', '-p');
      if (wanted.test(screen)) return screen;
      if (turn === 150) throw new Error(`${String(wanted)} did not come; the screen shows\n${screen}`);
      await wait(100);
    }
  };

  it.each(TYPED)('%s', async (typed, completed) => {
    type(typed);
    press('Tab');
    // What is typed after it tells that TAB has had its effect.
    type('#');
    const line = (await screenWith(/^\$ glance-retype .*#/mu)).match(/^\$ (glance-retype .*)#/mu)?.[1];
    press('C-u');
    expect(line?.trimEnd()).toBe(completed);
  });

  it('lists every command', async () => {
    type('glance-retype ');
    press('Tab');
    press('Tab');
    const screen = await screenWith(/\bverify\b/u);
    press('C-u');
    for (const { name } of commands) expect(screen).toMatch(new RegExp(String.raw`(?:^|\s)${name}(?:\s|$)`, 'u'));
  });

  it('is a script without mistakes', () => {
    expect(execFileSync(shell, ['-n', script], { encoding: 'utf8' })).toBe('');
  });
});
