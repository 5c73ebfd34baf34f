import { expect, it } from 'vitest';

import { commands } from '../../../src/commands/commands.ts';
import { helpText } from '../../../src/commands/parser.ts';
import { namesOf, operandsOf, optionsOf } from '../../../src/commands/words/describe.ts';

it.each(commands.map((entry) => [entry.name, entry] as const))(
  'what is read of %s is what its help shows',
  async (_name, entry) => {
    const shown = (await helpText(entry, 200)).matchAll(/^ {2,6}(?:-(\w), )?--([\w-]+)/gmu);
    const inHelp = Array.from(shown, ([, , name]) => name).filter((name) => name !== 'help' && name !== 'version');
    const read = optionsOf(await entry.load());
    expect(new Set(read.map(({ name }) => name))).toEqual(new Set(inHelp));
    expect(read.length).toBe(inHelp.length);
  },
);

it('tells values, choices, repeatable options and operands apart', async () => {
  const plan = optionsOf(await loaded('plan'));
  const of = (name: string) => plan.find((option) => namesOf(option).includes(name));
  expect(of('probe')).toMatchObject({ takes: 'value', choices: ['all', 'undecided', 'off'], repeatable: false });
  expect(of('rules')).toMatchObject({ takes: 'value', choices: [], repeatable: true, group: 'What decides:' });
  expect(of('full')).toMatchObject({ takes: 'nothing', choices: [] });
  expect(of('decisions')).toMatchObject({ name: 'answers' });
  expect(operandsOf(await loaded('rules')).map(({ name, choices }) => [name, choices])).toEqual([
    ['action', ['check', 'show']],
    ['files', []],
  ]);
});

async function loaded(name: string) {
  const entry = commands.find((command) => command.name === name);
  if (entry === undefined) throw new Error(name);
  return entry.load();
}
