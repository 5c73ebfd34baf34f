import { defineCommand } from './command.ts';

export const rulesCommand = defineCommand<object>({
  options: (yargs) => yargs,
  run: () => Promise.reject(new Error('not built yet')),
});
