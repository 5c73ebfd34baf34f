import { defineCommand } from './command.ts';

export const explainCommand = defineCommand<object>({
  options: (yargs) => yargs,
  run: () => Promise.reject(new Error('not built yet')),
});
