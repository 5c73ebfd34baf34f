import type { ScreenStyle } from '../../report/words/style.ts';
import { printOn, writeJson } from './output.ts';

/** The result of a command in its two forms. */
export interface Result {
  readonly record: () => object;
  readonly text: (style: ScreenStyle) => string;
}

/**
 * Hands the result over: the record to the place of --json, and the text to standard output, or to standard error where
 * the record went to standard output.
 * @throws RetypeError OUTPUT_FILE.
 */
export async function deliver(json: string | undefined, { record, text }: Result): Promise<void> {
  await writeJson(json, record);
  await printOn(json === '-' ? 'stderr' : 'stdout', text);
}
