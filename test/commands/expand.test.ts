import { describe, expect, it } from 'vitest';

import { columnNames, schemaText } from '../support/cloud/migration.ts';
import { runCommand } from '../support/program/command.ts';
import { ENGINES } from '../support/servers/engines.ts';
import { expandCutAfter, glance, stateOf } from './support/schema-change.ts';

describe.each(ENGINES)('an expand that was killed on %s', (engine) => {
  it('at every statement: rollback takes it back, expand finishes it, the others say which', async () => {
    const { url, bench } = await glance(engine);
    const before = await schemaText(bench.writer);
    let writes = 0;
    for (let cut = true; cut; writes += 1) {
      for (const after of ['rollback', 'expand'] as const) {
        cut = await expandCutAfter(bench, writes);
        if (!cut) continue;
        const at = `after ${writes} writes`;
        // The last write of all gives the lease back.
        if (after === 'rollback' && (await stateOf(bench)) !== 'expanded') {
          for (const waiting of ['migrate', 'verify', 'contract']) {
            const { code, text } = await runCommand(url, waiting, ...(waiting === 'verify' ? [] : ['--yes']));
            expect([code, text], at).toEqual([5, expect.stringMatching(/^NOT_EXPANDED[^]*expand/u)]);
          }
          for (const reading of ['status', 'plan']) expect((await runCommand(url, reading)).code, at).toBe(0);
        }
        expect((await runCommand(url, after, '--yes')).code, at).toBe(0);
        if (after === 'expand') {
          expect(await columnNames(bench.writer, 'images'), at).toEqual(
            expect.arrayContaining(['image_type', 'envelope']),
          );
          expect((await runCommand(url, 'rollback', '--yes')).code, at).toBe(0);
        }
        expect(await schemaText(bench.writer), at).toBe(before);
      }
      if (!cut) expect((await runCommand(url, 'rollback', '--yes')).code).toBe(0);
    }
    expect(writes).toBeGreaterThan(5);
    expect(await runCommand(url, 'rollback', '--yes')).toMatchObject({
      code: 0,
      text: expect.stringContaining('Nothing is left') as string,
    });
  });
});
