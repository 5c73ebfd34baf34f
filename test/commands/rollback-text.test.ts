import { describe, expect, it } from 'vitest';

import { describeScope, scopeTail } from '../../src/commands/rollback-text.ts';
import type { RollbackScope } from '../../src/run/rollback.ts';
import { runCommand } from '../support/program/command.ts';
import { glance } from './support/schema-change.ts';

describe('the scope of a rollback', () => {
  it.each([
    [{ kind: 'everything' }, '', 'everything that this tool wrote'],
    [{ kind: 'from-run', runId: 3 }, ' --run 3', 'run 3 and all newer ones'],
    [{ kind: 'owner', owner: "o'neil x" }, ` --owner 'o'\\''neil x'`, "what was written for images of owner o'neil x"],
    [{ kind: 'image', imageId: 'a-1' }, ' --image a-1', 'what was written for image a-1'],
  ] as const)('%j is repeated as options, and in words', (scope: RollbackScope, tail, words) => {
    expect([scopeTail(scope), describeScope(scope)]).toEqual([tail, words]);
  });

  it('is kept in the command that continues a rollback that was stopped', async () => {
    const { url } = await glance('sqlite');
    for (const command of ['expand', 'migrate']) expect((await runCommand(url, command, '--yes')).code).toBe(0);
    const short = ['--yes', '--batch-size', '7', '--max-batches', '1'];
    const { code, text } = await runCommand(url, 'rollback', '--run', '1', ...short);
    expect([code, text]).toEqual([3, expect.stringMatching(/glance-retype rollback --database-url \S+ --run 1 /u)]);
  });
});
