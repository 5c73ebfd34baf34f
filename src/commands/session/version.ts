import { readFileSync } from 'node:fs';

/** The version in package.json, which lies two levels above both src/commands and dist/commands. */
export function toolVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
