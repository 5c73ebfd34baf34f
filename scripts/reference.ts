/**
 * Writes docs/reference.md from the registries, the shipped rules and the commands' own help texts.
 *   tsx scripts/reference.ts            writes it
 *   tsx scripts/reference.ts --check    exits with 1 where the committed page is not what would be written
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { loadRules } from '../src/rules/table/load.ts';
import { shippedRules } from '../src/rules/table/rule-files.ts';
import { helpTexts } from './reference/helps.ts';
import { referencePage } from './reference/page.ts';
import { ruleLines } from './reference/rules.ts';

const FILE = new URL('../docs/reference.md', import.meta.url);

const page = referencePage(await helpTexts(), ruleLines(loadRules([shippedRules()])));

if (!process.argv.includes('--check')) {
  writeFileSync(FILE, page);
} else if (!existsSync(FILE) || readFileSync(FILE, 'utf8') !== page) {
  process.stderr.write('docs/reference.md is not current; run: npm run reference\n');
  process.exitCode = 1;
}
