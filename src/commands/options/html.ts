import type { Argv } from 'yargs';

import { shippedFile } from '../../model/shipped-file.ts';
import { createHtmlWriter } from '../../report/html/html-writer.ts';
import { type Given, GROUPS } from './kinds.ts';
import { wholeNumber } from './numbers.ts';
import type { WantedOutput } from './plan-outputs.ts';

/** Images in the page's table: a browser opens and filters these at once; the machine-readable formats hold all. */
const DEFAULT_IMAGES = 100_000;
const MOST_IMAGES = 1_000_000;

export function htmlOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('html', {
      group: GROUPS.output,
      type: 'string',
      requiresArg: true,
      describe: 'also write a report for people to this file, as one self-contained page',
    })
    .option('html-images', {
      group: GROUPS.output,
      requiresArg: true,
      describe: `images in the table of that page; those that need attention come first (default: ${DEFAULT_IMAGES})`,
    });
}

/** @throws RetypeError USAGE. */
export function wantedHtml(options: Given<typeof htmlOptions>): readonly WantedOutput[] {
  const imageLimit = wholeNumber('--html-images', options.htmlImages ?? DEFAULT_IMAGES, 0, MOST_IMAGES);
  if (options.html === undefined) return [];
  const script = shippedFile('dist/report/html/browser.js');
  return [{ option: '--html', file: options.html, writer: (sink) => createHtmlWriter(sink, { imageLimit, script }) }];
}
