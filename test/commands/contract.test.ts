import { describe, expect, it } from 'vitest';

import { type Bench, columnNames } from '../support/cloud/migration.ts';
import { runCommand } from '../support/program/command.ts';
import { ENGINES } from '../support/servers/engines.ts';
import { dismantleCutAfter, glance, stateOf } from './support/schema-change.ts';

async function dropResultColumns(bench: Bench): Promise<void> {
  const names = (await columnNames(bench.writer, 'images')).filter((name) => /^(?:\w+_type|envelope)$/u.test(name));
  if (names.length === 0) return;
  for (const statement of bench.writer.dialect.dropColumns('images', names)) await bench.writer.execute(statement);
}

describe.each(ENGINES)('a contract that was killed on %s', (engine) => {
  it('at every statement: the same command finishes it and keeps the results', async () => {
    const { url, bench } = await glance(engine);
    let writes = 3;
    for (let cut = true; cut; writes += 1) {
      expect((await runCommand(url, 'expand', '--yes')).code).toBe(0);
      cut = await dismantleCutAfter(bench, writes, 'keep-results');
      const at = `after ${writes} writes`;
      const state = await stateOf(bench);
      if (state === 'contracting') {
        const { code, text } = await runCommand(url, 'rollback', '--yes');
        expect([code, text], at).toEqual([5, expect.stringContaining('glance-retype contract')]);
        expect((await runCommand(url, 'expand', '--yes')).text, at).toContain('glance-retype contract');
      }
      expect((await runCommand(url, 'contract', '--yes')).code, at).toBe(0);
      const late = await runCommand(url, 'rollback', '--yes');
      expect([late.code, late.text], at).toEqual([5, expect.stringMatching(/^NOT_EXPANDED/u)]);
      expect(await bench.writer.dialect.listTables(bench.writer), at).not.toContain('retype_meta');
      expect(await columnNames(bench.writer, 'images'), at).toContain('image_type');
      await dropResultColumns(bench);
    }
    expect(writes).toBeGreaterThan(5);
  });
});
