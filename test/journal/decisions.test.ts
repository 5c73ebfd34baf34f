import { describe, expect, it } from 'vitest';

import { Random } from '../../scripts/fixtures/cloud/random.ts';
import { type DecisionCache, storeDecisions, storedForm, type StoredForm } from '../../src/journal/decisions.ts';
import { eraDatabase } from '../glance/support/era-database.ts';
import { decide, evidence } from '../rules/evidence-builder.ts';
import { ENGINES, openForTest, type EngineName } from '../support/servers/engines.ts';
import { COLUMNS, openBench, runExpand } from '../support/cloud/migration.ts';

const SERVERS = ENGINES.filter((engine) => engine !== 'sqlite');

/** Distinct decisions on distinct legacy rows. */
function forms(count: number): readonly StoredForm[] {
  return Array.from({ length: count }, (_, index) => {
    const one = evidence('qcow2', `word-${index}`);
    return storedForm(decide(one), one.image);
  });
}

async function expanded(engine: EngineName): Promise<string> {
  const { url } = await eraDatabase(engine, 'newest');
  await runExpand(await openBench(url), COLUMNS);
  return url;
}

describe.each(ENGINES)('decisions on %s', (engine) => {
  it('are stored once, whatever is offered again, and those remembered are not asked for', async () => {
    const database = await openForTest(await expanded(engine));
    const cache: DecisionCache = new Set();
    const all = forms(30);
    await storeDecisions(database, cache, [...all.slice(0, 20), ...all.slice(0, 20)]);
    await storeDecisions(database, cache, all);
    const stored = await database.query('SELECT decision_key, legacy_container_format FROM retype_decisions');
    expect(new Map(stored.map((row) => [String(row['decision_key']), row['legacy_container_format']]))).toEqual(
      new Map(all.map(({ key, containerFormat }) => [key, containerFormat])),
    );
    expect(stored).toHaveLength(30);
    expect(cache).toEqual(new Set(all.map(({ key }) => key)));
    const { statements } = database.usage();
    await storeDecisions(database, cache, all);
    expect(database.usage().statements).toBe(statements);
  });

  it('that another process stored are taken for stored', async () => {
    const url = await expanded(engine);
    const [one, other] = [await openForTest(url), await openForTest(url)];
    await storeDecisions(one, new Set(), forms(10));
    await storeDecisions(other, new Set(), forms(15));
    expect(await one.query('SELECT decision_key FROM retype_decisions')).toHaveLength(15);
  });
});

describe.each(SERVERS)('decisions stored by several processes at the same time on %s', (engine) => {
  it('are stored once each, and no process meets a deadlock', { timeout: 60_000 }, async () => {
    const url = await expanded(engine);
    const databases = await Promise.all(Array.from({ length: 4 }, () => openForTest(url)));
    const all = forms(400);
    for (const seed of [1, 2, 3, 4, 5]) {
      const random = new Random(seed);
      await databases[0]?.execute('DELETE FROM retype_decisions');
      const outcomes = await Promise.allSettled(
        databases.map(async (database) => {
          const cache: DecisionCache = new Set();
          // Each in an order of its own, and with what the others are storing at this moment.
          const own = all.map((form) => ({ form, place: random.bits() })).toSorted((a, b) => a.place - b.place);
          for (let at = 0; at < own.length; at += 80)
            await storeDecisions(
              database,
              cache,
              own.slice(at, at + 80).map(({ form }) => form),
            );
        }),
      );
      expect([seed, outcomes.filter(({ status }) => status === 'rejected')]).toEqual([seed, []]);
      const stored = await databases[0]?.query('SELECT decision_key FROM retype_decisions');
      expect(new Set(stored?.map((row) => String(row['decision_key'])))).toEqual(new Set(all.map(({ key }) => key)));
      expect(stored).toHaveLength(all.length);
    }
  });
});
