import { existsSync } from 'node:fs';

import { build } from 'esbuild';
import { chromium, type Browser } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

/** No sandbox, because tests run as root in containers; nothing that would look for a network. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Starts Debian's Chromium, without a window.
 * @throws Error saying how to get it, or how to leave these tests out
 */
export async function launchBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) {
    throw new Error(
      `${CHROMIUM} is missing: apt-get install chromium, or leave the browser out (scripts/test --without browser)`,
    );
  }
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

/** The page's script as the build bundles it, from the sources as they are. */
export async function pageScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [new URL('../../../src/report/html/browser/main.ts', import.meta.url).pathname],
    bundle: true,
    format: 'iife',
    target: 'es2022',
    charset: 'ascii',
    legalComments: 'none',
    write: false,
  });
  const [script] = outputFiles;
  if (script === undefined) throw new Error('esbuild made no file');
  return script.text;
}
