import { describe, expect, it } from 'vitest';

import { schemaText } from '../support/cloud/migration.ts';
import { runCommand } from '../support/program/command.ts';
import { ENGINES } from '../support/servers/engines.ts';
import { dismantleCutAfter, glance, stateOf } from './support/schema-change.ts';

describe.each(ENGINES)('a rollback that was killed on %s', (engine) => {
  it('at every statement: the same command finishes it, also when only its end was missing', async () => {
    const { url, bench } = await glance(engine);
    const before = await schemaText(bench.writer);
    let writes = 3;
    for (let cut = true; cut; writes += 1) {
      expect((await runCommand(url, 'expand', '--yes')).code).toBe(0);
      cut = await dismantleCutAfter(bench, writes, 'remove-everything');
      const at = `after ${writes} writes`;
      if ((await stateOf(bench)) === 'removing') {
        for (const [other, code] of [
          ['expand', 'ALREADY_EXPANDED'],
          ['contract', 'NOT_EXPANDED'],
          ['migrate', 'NOT_EXPANDED'],
        ] as const) {
          const { text } = await runCommand(url, other, '--yes');
          expect([text.split(':')[0], text], at).toEqual([code, expect.stringContaining('glance-retype rollback')]);
        }
        expect((await runCommand(url, 'status')).code, at).toBe(0);
      }
      expect((await runCommand(url, 'rollback', '--yes')).code, at).toBe(0);
      expect(await schemaText(bench.writer), at).toBe(before);
    }
    expect(writes).toBeGreaterThan(5);
  });
});
