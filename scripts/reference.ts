/**
 * Writes docs/reference.md and the manual page docs/glance-retype.1 from the registries, the shipped rules and what the
 * commands say of themselves.
 *   tsx scripts/reference.ts            writes them
 *   tsx scripts/reference.ts --check    exits with 1 where a committed page is not what would be written
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { commands } from '../src/commands/commands.ts';
import { SUMMARY } from '../src/commands/parser.ts';
import { toolVersion } from '../src/commands/log/version.ts';
import { loadRules } from '../src/rules/table/load.ts';
import { shippedRules } from '../src/rules/table/rule-files.ts';
import { helpTexts } from './reference/helps.ts';
import { manualEntries, manualPage } from './reference/man-page.ts';
import { referencePage } from './reference/page.ts';
import { ruleLines } from './reference/rules.ts';

const pages = {
  'docs/reference.md': referencePage(await helpTexts(), ruleLines(loadRules([shippedRules()]))),
  'docs/glance-retype.1': manualPage(await manualEntries(commands), { version: toolVersion(), summary: SUMMARY }),
};

for (const [name, page] of Object.entries(pages)) {
  const file = new URL(`../${name}`, import.meta.url);
  if (!process.argv.includes('--check')) {
    writeFileSync(file, page);
  } else if (!existsSync(file) || readFileSync(file, 'utf8') !== page) {
    process.stderr.write(`${name} is not current; run: npm run reference\n`);
    process.exitCode = 1;
  }
}
