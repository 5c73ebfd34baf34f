import type { OptionInfo } from '../words/describe.ts';

/** What a completion script knows of a command. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionInfo[];
  readonly operands: readonly OptionInfo[];
}

/** The beginning of an explanation, for one line of a list. */
export function shortText(text: string): string {
  const [first = ''] = text.split(/[;:(]/u);
  return first.trim();
}
