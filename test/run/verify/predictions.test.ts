import { describe, expect, it } from 'vitest';

import type { ServiceVerdict } from '../../../src/model/service-prediction.ts';
import { createDecider } from '../../../src/rules/decide/decider.ts';
import type { Decide } from '../../../src/run/context/context.ts';
import type { Predictor } from '../../../src/services/predictor.ts';
import { eraDatabase } from '../../glance/support/era-database.ts';
import {
  COLUMNS,
  openBench,
  runExpand,
  runMigrate,
  runVerify,
  shipped,
  type Bench,
} from '../../support/cloud/migration.ts';
import { ENGINES } from '../../support/servers/engines.ts';

/** The shipped rules beside a table of services that says this of every image. */
function foreseeing(verdict: ServiceVerdict): Decide {
  const predict: Predictor = ({ payload }) => (payload === 'none' ? [] : [{ service: 'nova', verdict, before: null }]);
  return createDecider(shipped.table, predict);
}
const refusing = foreseeing({ kind: 'refused', step: 'safety', check: 'mbr', why: 'ODD-WORDS', remedies: [] });
const accepting = foreseeing({ kind: 'accepted', basis: 'inspected' });

async function storedDecisions({ writer }: Bench): Promise<readonly unknown[]> {
  return writer.query('SELECT * FROM retype_decisions ORDER BY decision_key');
}

describe.each(ENGINES)('a prediction is no part of what is stored on %s', (engine) => {
  it('a later table of services makes no stored decision differ, and migrate has nothing to write', async () => {
    const { url } = await eraDatabase(engine, 'newest');
    const bench = await openBench(url);
    await runExpand(bench, COLUMNS);
    const seen = new Set<string>();
    const noting: Decide = (evidence) => {
      const decision = refusing(evidence);
      for (const code of decision.findings) seen.add(code);
      return decision;
    };
    await runMigrate(bench, { decide: noting });
    // The decisions themselves say so: only the journal leaves it out.
    expect(seen).toContain('NOVA_REFUSES');
    const stored = await storedDecisions(bench);
    expect(stored.length).toBeGreaterThan(5);
    const text = JSON.stringify(stored, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    expect(text).not.toMatch(/NOVA_REFUSES|ODD-WORDS|mbr/u);

    const verified = await runVerify(bench, accepting);
    expect([verified.sample, verified.refreshable]).toEqual([[], 0]);
    expect(verified.rows).toBeGreaterThan(10);

    await runMigrate(bench, { decide: accepting });
    expect(await storedDecisions(bench)).toEqual(stored);
    expect(await bench.writer.query('SELECT * FROM retype_undo')).toEqual([]);
  });
});
