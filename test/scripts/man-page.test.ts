import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { manualEntries, type ManualEntry, manualPage } from '../../scripts/reference/man-page.ts';
import { commands } from '../../src/commands/commands.ts';
import type { OptionInfo } from '../../src/commands/words/describe.ts';

const ABOUT = { version: '1.2.3', summary: 'does it' };

function option(name: string, more: Partial<OptionInfo> = {}): OptionInfo {
  return { name, aliases: [], group: 'How:', text: 'a text', takes: 'value', choices: [], repeatable: false, ...more };
}

function entry(name: string, options: readonly OptionInfo[], more: Partial<ManualEntry> = {}): ManualEntry {
  return { name, operands: '', summary: 'does something', examples: [], options, operandInfos: [], ...more };
}

/** The page as a terminal of 100 columns shows it, without bold and underlined letters. */
function shown(page: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'glance-retype-man-')), 'page.1');
  writeFileSync(file, page);
  const { stdout, stderr, status } = spawnSync('groff', ['-man', '-Tutf8', '-P-c', '-rLL=100n', '-ww', file], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  expect([status, stderr]).toEqual([0, '']);
  // A letter that is printed twice is bold, and one over a line is underlined.
  return stdout.split('\b').reduce((text, part) => text.slice(0, -1) + part);
}

describe('the manual page', () => {
  it('shows texts as they are, whatever roff would make of them', () => {
    const odd = String.raw`a\fBbold\fR path C:\new -- and 'quotes'`;
    const page = manualPage(
      [entry('plan', [option('odd', { text: odd }), option('dot', { text: '.SH no heading' })])],
      ABOUT,
    );
    expect(shown(page)).toContain(odd);
    expect(shown(page)).toContain('.SH no heading');
  });

  it('names values, choices, other names and operands', () => {
    const text = shown(
      manualPage(
        [
          entry(
            'rules',
            [
              option('probe', { choices: ['all', 'off'] }),
              option('answers', { aliases: ['decisions', 'a'] }),
              option('full', { takes: 'nothing' }),
            ],
            {
              operands: '<action> [files..]',
              operandInfos: [option('action', { text: 'what to do' })],
              examples: [['check x.yaml', 'is it valid?']],
            },
          ),
        ],
        ABOUT,
      ),
    );
    for (const words of [
      '--probe all|off',
      '--answers, --decisions, -a VALUE',
      '--full',
      'ACTION',
      'rules <action> [files..]',
    ])
      expect(text).toContain(words);
    expect(text).toMatch(/--full +a text/u);
    expect(text).toMatch(/Example: is it valid\?\s+glance-retype rules check x\.yaml/u);
  });

  it('describes an option of three commands once, and one of two commands at each', () => {
    const all = option('url', { text: 'the address' });
    const two = option('json', { text: 'the file' });
    const text = shown(manualPage([entry('a', [all, two]), entry('b', [all, two]), entry('c', [all])], ABOUT));
    expect(text.match(/the address/gu)).toHaveLength(1);
    expect(text.match(/the file/gu)).toHaveLength(2);
    expect(text).toMatch(/OPTIONS OF SEVERAL COMMANDS\n +How\n[^]*the address\n +For a, b, c\./u);
    expect(text.match(/Also: --url\./gu)).toHaveLength(3);
  });

  it('in the repository: names every command and every option, and no word is broken', async () => {
    const text = shown(readFileSync(new URL('../../docs/glance-retype.1', import.meta.url), 'utf8'));
    for (const { name, options } of await manualEntries(commands)) {
      expect(text).toMatch(new RegExp(`^ {3}${name}\\b`, 'mu'));
      for (const { name: long } of options) expect(text).toMatch(new RegExp(`--${long}\\b`, 'u'));
    }
    // A soft hyphen at the end of a line is how groff breaks a word.
    expect(text).not.toMatch(/‐$/mu);
    expect(text).toMatch(/EXIT STATUS[^]* 8 +the environment failed/u);
  });
});
