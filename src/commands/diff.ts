import { defineCommand } from './command.ts';

export const diffCommand = defineCommand<object>({
  options: (yargs) => yargs,
  run: () => Promise.reject(new Error('not built yet')),
});
