import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));

/** Copies what a fresh clone of the project would hold, uncommitted changes included, and returns the folder. */
export function freshCheckout(): string {
  const ignored = readFileSync(join(PROJECT, '.gitignore'), 'utf8').matchAll(/^([^*\n]+)\/$/gmu);
  const left = new Set(['.git', ...Array.from(ignored, ([, name = '']) => name)].map((name) => join(PROJECT, name)));
  const folder = mkdtempSync(join(tmpdir(), 'glance-retype-checkout-'));
  cpSync(PROJECT, folder, { recursive: true, filter: (path) => !left.has(path) });
  return folder;
}
