import { commands } from '../../src/commands/commands.ts';
import { buildParser } from '../../src/commands/parser.ts';
import type { HelpText } from './page.ts';

/** Wide enough for most lines, narrow enough for a page. */
const COLUMNS = 100;

/** What `--help` prints, for the program and for each of its commands. */
export async function helpTexts(): Promise<readonly HelpText[]> {
  // yargs translates its own words into the language of the shell; the page must not depend on who makes it.
  process.env['LC_ALL'] = 'en_US.UTF-8';
  const texts = [{ command: 'glance-retype', text: await helpOf([]) }];
  for (const { name } of commands) {
    texts.push({ command: `glance-retype ${name}`, text: await helpOf([name]) });
  }
  return texts;
}

async function helpOf(words: readonly string[]): Promise<string> {
  const parser = buildParser(() => {
    throw new Error('a help text ran a command');
  }, COLUMNS);
  let text = '';
  // With a callback yargs hands over what it would have printed.
  await parser.parseAsync([...words, '--help'], {}, (_error: unknown, _argv: unknown, output: string) => {
    text = output;
  });
  if (text === '') throw new Error(`there is no help for: ${words.join(' ')}`);
  return text;
}
