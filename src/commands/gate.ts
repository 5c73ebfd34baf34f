import { defineCommand } from './command.ts';

export const gateCommand = defineCommand<object>({
  options: (yargs) => yargs,
  run: () => Promise.reject(new Error('not built yet')),
});
