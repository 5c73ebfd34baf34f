import type { Command } from '../session/command.ts';
import { type OptionInfo, optionsOf } from './describe.ts';

/** The options that yargs adds to every command. */
const EVERYWHERE: readonly OptionInfo[] = [
  { name: 'version', aliases: ['V'], text: 'Show version number' },
  { name: 'help', aliases: ['h'], text: 'Show help' },
].map((option) => ({ ...option, group: null, takes: 'nothing' as const, choices: [], repeatable: false }));

/** Every option that may be typed after a command: its own, in the order of its help, and those of all. */
export function typableOptions(command: Pick<Command, 'options'>): readonly OptionInfo[] {
  return [...optionsOf(command), ...EVERYWHERE];
}
