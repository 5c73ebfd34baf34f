/**
 * Writes docs/schema from the descriptions of the JSON documents.
 *   tsx scripts/schemas.ts            writes the files
 *   tsx scripts/schemas.ts --check    exits with 1 where a committed file is not what would be written
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DOCUMENTS, schemaDocument } from './schemas/documents.ts';

const FOLDER = new URL('../docs/schema/', import.meta.url);

const wanted = new Map(
  Object.entries(DOCUMENTS).map(([name, document]) => [
    `${name}.schema.json`,
    `${JSON.stringify(schemaDocument(name, document), null, 2)}\n`,
  ]),
);
mkdirSync(FOLDER, { recursive: true });
const there = readdirSync(FOLDER);
const surplus = there.filter((file) => !wanted.has(file));
if (!process.argv.includes('--check')) {
  for (const file of surplus) rmSync(new URL(file, FOLDER));
  for (const [file, text] of wanted) writeFileSync(new URL(file, FOLDER), text);
} else {
  const stale = [...wanted].filter(
    ([file, text]) => !existsSync(new URL(file, FOLDER)) || readFileSync(new URL(file, FOLDER), 'utf8') !== text,
  );
  for (const file of [...surplus, ...stale.map(([name]) => name)]) {
    process.stderr.write(`docs/schema/${file} is not current; run: npm run schemas\n`);
    process.exitCode = 1;
  }
}
