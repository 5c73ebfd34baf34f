import { createHash } from 'node:crypto';

import type { DecisionWriter } from '../output/decision-writer.ts';
import { createPieceBuffer, type TextSink } from '../output/text-sink.ts';
import { imageBlock } from './images/block.ts';
import { createImageCollector } from './images/collector.ts';
import { imageData } from './images/dictionary.ts';
import { imageSection } from './images/section.ts';
import { IMAGE_STYLE } from './images/style.ts';
import { pageStyle } from './page/style.ts';
import { pageEnd, pageStart } from './page/page.ts';

export interface HtmlOptions {
  /** Images that the table of images holds at most; those that need attention come first. */
  readonly imageLimit: number;
  /** The script that runs in the browser, one classic script. */
  readonly script: string;
}

/**
 * Writes one self-contained page. Nothing is written before `end`; memory is bounded by `imageLimit`.
 *
 * @throws Error if the script would end its own element.
 */
export function createHtmlWriter(sink: TextSink, { imageLimit, script }: HtmlOptions): DecisionWriter {
  if (/<\/script|<!--/i.test(script)) throw new Error('the script of the HTML report would end its own element');
  const images = createImageCollector(imageLimit);
  return {
    add({ image }, decision) {
      images.add(image, decision);
    },
    async end(report) {
      const buffer = createPieceBuffer(sink);
      const collected = images.result();
      const data = imageData(collected);
      await buffer.add(pageStart(report, { policy: policyFor(script), extraStyle: IMAGE_STYLE }));
      await buffer.add(imageSection(collected, data));
      for (const piece of imageBlock(data)) await buffer.add(piece);
      await buffer.add(`<script>${script}</script>\n`);
      await buffer.add(pageEnd());
      await buffer.end();
    },
  };
}

/** Nothing may be fetched or sent, and only the page's own script runs, even if escaping had a hole. */
function policyFor(script: string): string {
  return [
    `default-src 'none'`,
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(pageStyle(IMAGE_STYLE))}`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
