import { createHash } from 'node:crypto';
import { createPieceBuffer, type TextSink } from '../output/sinks.ts';
import type { DecisionWriter } from '../output/writers.ts';
import { createImageCollector } from './images/collector.ts';
import { imageBlock, imageData } from './images/dictionary.ts';
import { IMAGE_STYLE, imageSection } from './images/section.ts';
import { pageEnd, pageStart } from './page/page.ts';
import { pageStyle } from './page/style.ts';

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
      const data = imageData(collected, report);
      await buffer.write(pageStart(report, { policy: policyFor(script), extraStyle: IMAGE_STYLE }));
      await buffer.write(imageSection(collected, data));
      for (const piece of imageBlock(data)) await buffer.write(piece);
      await buffer.write(`<script>${script}</script>\n`);
      await buffer.write(pageEnd());
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
