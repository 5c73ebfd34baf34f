import type { Command } from './session/command.ts';

/** A command as the parser needs it before the command's own module is loaded. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** What follows the name on the command line, in yargs' notation; empty where only options do. */
  readonly operands: string;
  /** Loads the command. Only the one that runs is loaded, so that no command starts slower because of another. */
  readonly load: () => Promise<Command>;
}

/** Every command, in the order of a migration. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'plan',
    summary: 'reads every row, decides, and reports what would become of it; writes nothing to the database',
    operands: '',
    load: async () => (await import('./plan.ts')).planCommand,
  },
  {
    name: 'questions',
    summary: 'walks through a questions file on a terminal and keeps the answers; writes that file and nothing else',
    operands: '<file>',
    load: async () => (await import('./questions/questions.ts')).questionsCommand,
  },
  {
    name: 'expand',
    summary: "adds the result columns and the tool's own tables, online; Glance keeps running",
    operands: '',
    load: async () => (await import('./expand.ts')).expandCommand,
  },
  {
    name: 'migrate',
    summary: 'decides and writes, batch by batch, each batch one transaction; goes on where it stopped',
    operands: '',
    load: async () => (await import('./migrate.ts')).migrateCommand,
  },
  {
    name: 'verify',
    summary: 'reads everything again, decides anew and compares with what is stored; writes nothing',
    operands: '',
    load: async () => (await import('./verify.ts')).verifyCommand,
  },
  {
    name: 'gate',
    summary: 'says by its exit code whether the cutover may go on, and why not; writes nothing',
    operands: '',
    load: async () => (await import('./gate.ts')).gateCommand,
  },
  {
    name: 'status',
    summary: 'runs, progress, who holds the lease and what is left; writes nothing',
    operands: '',
    load: async () => (await import('./status.ts')).statusCommand,
  },
  {
    name: 'rollback',
    summary: 'undoes runs from the journal, row by row where nobody changed the result since; resumable',
    operands: '',
    load: async () => (await import('./rollback.ts')).rollbackCommand,
  },
  {
    name: 'contract',
    summary: "after the cutover: drops the tool's own tables and keeps the results; there is no rollback after it",
    operands: '',
    load: async () => (await import('./contract.ts')).contractCommand,
  },
  {
    name: 'explain',
    summary:
      'tells how one image was decided: what was seen, every rule tried, what is stored and how to undo it; writes nothing',
    operands: '<image>',
    load: async () => (await import('./explain.ts')).explainCommand,
  },
  {
    name: 'diff',
    summary: 'compares two plans, or a plan with the database as it is now: what changed and why; writes nothing',
    operands: '<before> [after]',
    load: async () => (await import('./diff/diff.ts')).diffCommand,
  },
  {
    name: 'rules',
    summary:
      'check: are these rules sound, and what would they change; show: the table with its reasons; writes nothing',
    operands: '<action> [files..]',
    load: async () => (await import('./rules.ts')).rulesCommand,
  },
  {
    name: 'probe',
    summary: 'tells from their bytes what files and URLs are: type, container, envelope and dangers; writes nothing',
    operands: '<source..>',
    load: async () => (await import('./probe/probe.ts')).probeCommand,
  },
];
