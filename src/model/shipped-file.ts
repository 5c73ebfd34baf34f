import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Files that the program reads of its own. The path is the same from `src` and from `dist`. */
export const SHIPPED_FILES = [
  'package.json',
  'config/rules.yaml',
  'config/services.yaml',
  'dist/report/html/browser.js',
] as const;

/**
 * Returns the text of a file that belongs to the program. Every such file is read here: the program in one file carries
 * their texts, and `scripts/bundle.ts` puts another module in the place of this one.
 */
export function shippedFile(name: (typeof SHIPPED_FILES)[number]): string {
  return readFileSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), 'utf8');
}
