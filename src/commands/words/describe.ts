import type { Argv } from 'yargs';

import type { Command } from '../session/command.ts';

/** What a command says about one of its options. */
export interface OptionInfo {
  /** Without dashes: `database-url`. */
  readonly name: string;
  /** Other names, long or of one letter, without dashes. */
  readonly aliases: readonly string[];
  /** The heading in the help; null under the general one. */
  readonly group: string | null;
  readonly text: string;
  readonly takes: 'value' | 'nothing';
  /** The only values that it takes; empty where it takes any. */
  readonly choices: readonly string[];
  /** Whether it may be given several times. */
  readonly repeatable: boolean;
}

/** What yargs is told about an option, as far as it is read here. */
interface Declared {
  readonly alias?: string | readonly string[];
  readonly group?: string;
  readonly describe?: string;
  readonly type?: string;
  readonly choices?: readonly unknown[];
  readonly array?: boolean;
}

/** Names the options that a command declares, in the order of its help. */
export function optionsOf(command: Pick<Command, 'options'>): readonly OptionInfo[] {
  return declared(command, 'option');
}

/** Names the operands that a command declares, in their order. */
export function operandsOf(command: Pick<Command, 'options'>): readonly OptionInfo[] {
  return declared(command, 'positional');
}

/** yargs shows declarations only as a text, so they are listened to. */
function declared(command: Pick<Command, 'options'>, kind: 'option' | 'positional'): readonly OptionInfo[] {
  const found: OptionInfo[] = [];
  const listener: unknown = new Proxy(
    {},
    {
      get(_target, method) {
        return (name: string, words: Declared = {}) => {
          if (method === kind) found.push(infoOf(name, words));
          return listener;
        };
      },
    },
  );
  command.options(listener as Argv);
  return found;
}

function infoOf(name: string, { alias = [], group, describe, type, choices = [], array }: Declared): OptionInfo {
  return {
    name,
    aliases: typeof alias === 'string' ? [alias] : alias,
    group: group ?? null,
    text: describe ?? '',
    takes: type === 'boolean' || type === 'count' ? 'nothing' : 'value',
    choices: choices.map(String),
    repeatable: array === true || type === 'count',
  };
}

/** The names by which an option can be typed, without dashes. */
export function namesOf({ name, aliases }: Pick<OptionInfo, 'name' | 'aliases'>): readonly string[] {
  return [name, ...aliases];
}
