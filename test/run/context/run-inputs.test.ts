import { describe, expect, it } from 'vitest';

import type { RunRecord } from '../../../src/journal/runs.ts';
import {
  currentRun,
  describeInputs,
  differingInputs,
  storedInputs,
  requireSameInputs,
  type RunInputs,
  runOptionsText,
} from '../../../src/run/context/run-inputs.ts';
import { RetypeError } from '../../../src/model/error.ts';

const INPUTS: RunInputs = { rulesDigest: 'a'.repeat(64), answersDigest: null, probe: 'off' };

function run(changes: Partial<RunRecord> = {}): RunRecord {
  const { rulesDigest, answersDigest } = INPUTS;
  const record: Partial<RunRecord> = {
    id: 1,
    state: 'complete',
    rulesDigest,
    answersDigest,
    options: '{"probe":"off"}',
    ...changes,
  };
  return record as RunRecord;
}

describe('the inputs of a run', () => {
  it('come back as they were stored; an unknown probe mode is off', () => {
    expect(storedInputs(run({ options: runOptionsText({ probe: 'undecided' }) })).probe).toBe('undecided');
    for (const options of ['{}', '', 'null', '{"probe":"some"}'])
      expect(storedInputs(run({ options })).probe).toBe('off');
  });

  it('differ by name, worded with the first twelve digits of a digest', () => {
    expect(differingInputs(run(), INPUTS)).toEqual([]);
    const given = { rulesDigest: `${'a'.repeat(63)}b`, answersDigest: 'c'.repeat(64), probe: 'all' } as const;
    expect(differingInputs(run(), given)).toEqual([
      { input: 'rules', stored: 'the rules aaaaaaaaaaaa', given: 'the rules aaaaaaaaaaaa' },
      { input: 'answers', stored: 'no answers file', given: 'the answers cccccccccccc' },
      { input: 'content', stored: '--probe off', given: '--probe all' },
    ]);
    expect(describeInputs(given)).toBe('the rules aaaaaaaaaaaa, the answers cccccccccccc, --probe all');
  });
});

describe('the current run', () => {
  it('is the newest that was neither abandoned nor rolled back', () => {
    const runs = [
      run({ id: 1 }),
      run({ id: 2, state: 'active' }),
      run({ id: 3, state: 'rolled-back' }),
      run({ id: 4, state: 'abandoned' }),
    ];
    expect(currentRun(runs)?.id).toBe(2);
    expect(currentRun(runs.slice(2))).toBeNull();
  });
});

describe('requireSameInputs', () => {
  const advice = (stored: Partial<RunRecord>, given: Partial<RunInputs>): readonly string[] => {
    try {
      requireSameInputs([run(stored)], { ...INPUTS, ...given });
      return [];
    } catch (error) {
      if (!(error instanceof RetypeError)) throw error;
      return [error.code, ...error.problems.map((problem) => problem.advice ?? '')];
    }
  };

  it('lets other rules pass, and everything where no run is current', () => {
    expect(advice({}, { rulesDigest: 'b'.repeat(64) })).toEqual([]);
    expect(advice({ state: 'abandoned' }, { probe: 'all' })).toEqual([]);
  });

  it('says how to verify as the run decided', () => {
    expect(advice({}, { probe: 'all' })[1]).toContain('verify with --probe off');
    expect(advice({ options: '{"probe":"all"}' }, {})[1]).toContain('--probe all and the --store-path');
    expect(advice({}, { answersDigest: 'c' })[1]).toContain('verify without --answers');
    expect(advice({ answersDigest: 'c' }, { probe: 'all' })).toHaveLength(3);
  });
});
