import { describe, expect, it } from 'vitest';

import type { LeaseRecord } from '../../../src/journal/lease.ts';
import type { RunRecord } from '../../../src/journal/runs.ts';
import type { GateFacts } from '../../../src/run/gate/gate.ts';
import { databaseReasons, type GateDecisions } from '../../../src/run/gate/reasons.ts';
import { Differences } from '../../../src/run/verify/differences.ts';

const NOTHING: GateDecisions = { undecided: 0, questions: [], findings: [] };

function facts(changes: Partial<GateFacts> = {}, found = new Differences()): GateFacts {
  const { counts, sample } = found;
  const run = { id: 3, state: 'complete', startedAt: '2026-11-30T10:00:00Z', toolVersion: '9' } as RunRecord;
  return {
    meta: { state: 'expanded', target: { kind: 'table' } } as GateFacts['meta'],
    lease: null,
    run,
    otherInputs: [],
    verified: null,
    found: { differences: counts, sample, atWork: null },
    ...changes,
  };
}

describe('databaseReasons', () => {
  it('are none where everything is migrated, decided and as stored', () => {
    expect(databaseReasons(facts(), NOTHING)).toEqual([]);
  });

  it('say that nothing was expanded, or which command was interrupted', () => {
    expect(databaseReasons(facts({ meta: null }), NOTHING)).toMatchObject([
      { code: 'NOT_EXPANDED', text: "none of the tool's tables is there" },
    ]);
    const meta = { state: 'removing', target: { kind: 'table' } } as GateFacts['meta'];
    expect(databaseReasons(facts({ meta }), NOTHING)[0]?.text).toContain('an interrupted rollback');
  });

  it('name who holds the lease, the unfinished run, and each input that differs', () => {
    const lease = { purpose: 'migrate', host: 'node-1', process: '4711' } as unknown as LeaseRecord;
    const run = { ...facts().run, state: 'active' } as RunRecord;
    const otherInputs = [{ input: 'content', stored: '--probe off', given: '--probe all' }] as const;
    const found = databaseReasons(facts({ lease, run, otherInputs }), NOTHING);
    expect(found.map(({ code, text }) => `${code} ${text}`)).toEqual([
      'LEASE migrate on node-1, process 4711',
      'RUN_UNFINISHED run 3, begun 2026-11-30T10:00:00Z by glance-retype 9, is not finished',
      'NOT_VERIFIABLE run 3, begun 2026-11-30T10:00:00Z by glance-retype 9',
    ]);
    expect(found[2]?.details[0]?.text).toBe('content: the run had --probe off, gate has --probe all');
  });

  it('put each difference into one reason, with its count and the first five subjects', () => {
    const found = new Differences();
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) found.image('not-migrated', id, 'nothing', 'disk');
    found.image('column-foreign', 'g', 'nothing', 'disk raw NULL');
    found.record('batch-missing', 'run 1', 'two', 'one', 2);
    found.record('node-differs', 'images a on node-2', 'x', 'y');
    const reasons = databaseReasons(facts({}, found), NOTHING);
    expect(reasons.map(({ code, count }) => [code, count])).toEqual([
      ['DRIFT', 6],
      ['FOREIGN_VALUES', 1],
      ['RECORDS_ALTERED', 2],
      ['NODES_DIFFER', 1],
    ]);
    expect(reasons[0]?.details[0]?.sampleIds).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('show the five biggest questions and count the rest in one more', () => {
    const questions = Array.from({ length: 7 }, (_, n) => ({
      id: `raw-bare-${n}`,
      diskFormat: 'raw',
      containerFormat: 'bare',
      reason: 'why',
      count: 10 - n,
      samples: [{ id: `i${n}`, name: null }],
    }));
    const finding = { code: 'KERNEL_MISSING', severity: 'error', title: 't', count: 3, sampleIds: ['k'] } as const;
    const found = databaseReasons(facts(), { undecided: 100, questions, findings: [finding] });
    expect(found.map(({ code }) => code)).toEqual(['UNDECIDED', 'FINDINGS']);
    expect(found[0]?.details.map(({ count }) => count)).toEqual([10, 9, 8, 7, 6, 60]);
    expect(found[1]).toMatchObject({ count: 3, details: [{ count: 3, sampleIds: ['k'] }] });
  });
});
