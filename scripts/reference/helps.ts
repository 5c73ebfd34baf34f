import { commands } from '../../src/commands/commands.ts';
import { helpText } from '../../src/commands/parser.ts';
import type { HelpText } from './page.ts';

/** Wide enough for most lines, narrow enough for a page. */
const COLUMNS = 100;

/** What `--help` prints, for the program and for each of its commands. */
export async function helpTexts(): Promise<readonly HelpText[]> {
  // yargs translates its own words into the language of the shell; the page must not depend on who makes it.
  process.env['LC_ALL'] = 'en_US.UTF-8';
  const texts = [{ command: 'glance-retype', text: await helpText(null, COLUMNS) }];
  for (const entry of commands) {
    texts.push({ command: `glance-retype ${entry.name}`, text: await helpText(entry, COLUMNS) });
  }
  return texts;
}
