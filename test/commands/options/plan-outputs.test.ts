import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';

import { openPlanOutputs, wantedOutputs } from '../../../src/commands/options/plan-outputs.ts';
import { decide, evidence } from '../../rules/evidence-builder.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'glance-retype-outputs-'));
});
const wanted = (files: Partial<Record<'json' | 'ndjson' | 'csv', string>>) =>
  wantedOutputs({ json: undefined, ndjson: undefined, csv: undefined, ...files });
const nobody = (): void => undefined;

describe('the outputs of a plan', () => {
  it('are those that were asked for, in one order', () => {
    expect(wanted({ csv: 'c', json: 'j' }).map(({ option, file }) => [option, file])).toEqual([
      ['--json', 'j'],
      ['--csv', 'c'],
    ]);
  });

  it('that were not ended leave no file behind, and an earlier file as it was', async () => {
    writeFileSync(join(folder, 'a.csv'), 'earlier');
    {
      await using outputs = await openPlanOutputs(
        wanted({ csv: join(folder, 'a.csv'), ndjson: join(folder, 'b') }),
        nobody,
      );
      const image = evidence('raw', 'bare');
      await outputs.add(image, decide(image));
      expect(readdirSync(folder)).toHaveLength(3);
    }
    expect(readdirSync(folder)).toEqual(['a.csv']);
  });

  it('one that cannot be opened takes the others with it', async () => {
    const both = wanted({ json: join(folder, 'a.json'), csv: join(folder, 'none', 'b.csv') });
    await expect(openPlanOutputs(both, nobody)).rejects.toThrow(/OUTPUT_FILE/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('cannot share a place', async () => {
    await expect(openPlanOutputs(wanted({ json: '-', csv: '-' }), nobody)).rejects.toThrow(/USAGE[^]*standard output/);
    await expect(openPlanOutputs(wanted({ json: 'x', csv: 'x' }), nobody)).rejects.toThrow(/both want x/);
  });

  it('say whether standard output is free for a person', async () => {
    await using taken = await openPlanOutputs(wanted({ json: '-' }), nobody);
    await using free = await openPlanOutputs([], nobody);
    expect([taken.standardOutput, free.standardOutput]).toEqual(['taken', 'free']);
  });
});
