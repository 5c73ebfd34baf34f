import type { DecisionWriter } from '../decision-writer.ts';
import type { TextSink } from '../text-sink.ts';

export interface HtmlOptions {
  /** Images that the table of images holds at most; those that need attention come first. */
  readonly imageLimit: number;
  /** The script that runs in the browser, one classic script. */
  readonly script: string;
}

/** One self-contained page. */
export function createHtmlWriter(_sink: TextSink, _options: HtmlOptions): DecisionWriter {
  throw new Error('not built yet');
}
