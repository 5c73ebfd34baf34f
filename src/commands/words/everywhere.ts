import type { OptionInfo } from './describe.ts';

/** The options that yargs adds to every command. */
export const EVERYWHERE: readonly OptionInfo[] = [
  { name: 'version', aliases: ['V'], text: 'Show version number' },
  { name: 'help', aliases: ['h'], text: 'Show help' },
].map((option) => ({ ...option, group: null, takes: 'nothing' as const, choices: [], repeatable: false }));
