import type { Command } from './command.ts';
import { contractCommand } from './contract.ts';
import { expandCommand } from './expand.ts';
import { migrateCommand } from './migrate.ts';
import { planCommand } from './plan.ts';
import { rollbackCommand } from './rollback.ts';
import { statusCommand } from './status.ts';
import { verifyCommand } from './verify.ts';

/** Every command, in the order of a migration. */
export const commands: readonly Command[] = [
  planCommand,
  expandCommand,
  migrateCommand,
  verifyCommand,
  statusCommand,
  rollbackCommand,
  contractCommand,
];
