import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import {
  certificateRecord,
  certificateText,
  type Circumstances,
  reasonsAgainst,
} from '../../../src/commands/rehearse/certificate.ts';
import type { Rehearsal } from '../../../src/run/rehearse/rehearse.ts';
import { StepFailed } from '../../../src/run/rehearse/steps.ts';

const AROUND: Circumstances = {
  toolVersion: '0.1.0',
  createdAt: '2026-11-30T18:00:00Z',
  database: 'db:3306/glance',
  server: 'MariaDB 10.11.19',
  era: 'Rocky',
  scratch: 'database glance_rehearsal',
  scratchServer: 'MariaDB 10.11.19',
  rulesDigest: 'rules',
  answersDigest: 'answers',
  probe: 'off',
  target: 'columns',
  pace: [],
  killsAsked: 2,
  seed: 7,
};

const PASSED: Rehearsal = {
  end: 'finished',
  broken: null,
  tables: new Map([['images', { rows: 1_204, sums: [1n, 255n] }]]),
  dataDigest: 'data',
  expected: {
    milliseconds: { expand: [400, 600], migrate: [61_000, 59_999], verify: [2_000], rollback: [2_500, 3_000] },
    batches: 12,
    journalBytes: 1_572_864,
  },
  results: {
    digest: 'results',
    groups: [
      { status: 'exact', imageType: 'disk', containerType: 'raw', images: 1_000 },
      { status: 'exact', imageType: 'kernel', containerType: 'raw', images: 200 },
      { status: 'ambiguous', imageType: null, containerType: null, images: 4 },
    ],
  },
  kills: [
    { afterBatches: 0, afterRows: 0, milliseconds: 812.4 },
    { afterBatches: 9, afterRows: 900, milliseconds: 1_000 },
  ],
  checks: [{ name: 'the copy of images', expected: 'a', found: 'a' }],
  differences: 0,
};

const STYLE = { width: 200, rows: null, colour: 'plain' } as const;

describe('certificateRecord', () => {
  it('says what was rehearsed, what to expect, and has a digest over all of it', () => {
    const record = certificateRecord(PASSED, AROUND) as Record<string, unknown>;
    expect(record).toMatchObject({
      format_version: 1,
      verdict: 'passed',
      reasons: [],
      images: 1_204,
      data_digest: 'data',
      tables: [{ name: 'images', rows: 1_204, digest: '1204 rows 000000000000000100000000000000ff' }],
      kills: {
        asked: 2,
        done: 2,
        seed: 7,
        at: [
          { batches: 0, rows: 0, seconds: 0.812 },
          { batches: 9, rows: 900, seconds: 1 },
        ],
      },
      checks: [{ name: 'the copy of images', passed: true, expected: 'a', found: 'a' }],
      differences: 0,
      expected: {
        expand_seconds: 0.4,
        migrate_seconds: 59.999,
        verify_seconds: 2,
        rollback_seconds: 2.5,
        measured_seconds: { migrate: [61, 59.999] },
        batches: 12,
        journal_bytes: 1_572_864,
      },
    });
    const { digest, ...rest } = record;
    expect(digest).toBe(createHash('sha256').update(JSON.stringify(rest)).digest('hex'));
    expect(certificateRecord({ ...PASSED, differences: 1 }, AROUND)).not.toHaveProperty('digest', digest);
  });

  it('counts a failed check and what verify found as differences', () => {
    const bad: Rehearsal = { ...PASSED, checks: [{ name: 'x', expected: 'a', found: 'b' }], differences: 3 };
    expect(certificateRecord(bad, AROUND)).toMatchObject({
      verdict: 'failed',
      reasons: ['different: x', 'verify found 3 differences'],
      differences: 4,
    });
  });

  it('has nothing to expect where the first run did not end', () => {
    const end = {
      code: 5,
      milliseconds: 10,
      stdout: '',
      failure: 'MISSING_GRANT: no\n  images: no UPDATE; grant it\n\n',
    };
    const broken: Rehearsal = {
      ...PASSED,
      end: 'broken',
      broken: new StepFailed('migrate', end),
      expected: null,
      results: null,
      kills: [],
    };
    expect(certificateRecord(broken, AROUND)).toMatchObject({
      verdict: 'failed',
      reasons: ['migrate ended with exit code 5: MISSING_GRANT: no / images: no UPDATE; grant it'],
      expected: null,
      results: null,
    });
  });
});

describe('reasonsAgainst', () => {
  it('is empty for a rehearsal that passed, also without kills where none were asked for', () => {
    expect(reasonsAgainst(PASSED, 2)).toEqual([]);
    expect(reasonsAgainst({ ...PASSED, kills: [] }, 0)).toEqual([]);
  });

  it('names kills that did not happen', () => {
    expect(reasonsAgainst(PASSED, 3)).toEqual([
      'migrate was killed 2 times instead of 3: its run is too short to be met',
    ]);
  });
});

describe('certificateText', () => {
  it('begins with the verdict and ends with what the figures leave out', () => {
    const lines = certificateText(PASSED, AROUND, STYLE).split('\n');
    expect(lines.slice(0, 12)).toEqual([
      'Rehearsal passed: killed 2 times, nothing lost, nothing left behind by rollback',
      'Data          db:3306/glance (MariaDB 10.11.19, Glance Rocky)',
      'Rows          1,204 images',
      'Digest        data',
      'Rules         rules, answers answers',
      'Rehearsed in  database glance_rehearsal (MariaDB 10.11.19)',
      'Decided       1,200 exact, 4 ambiguous',
      'Kills         2 of 2, when 0, 9 batches were committed (seed 7)',
      'Compared      1 checks, no difference',
      'Expect        migrate 60.0 s (up to 1 min 01 s here) in 12 batches',
      '              expand 0.4 s (up to 0.6 s here), verify 2.0 s, rollback 2.5 s (up to 3.0 s here)',
      'Journal       2 MiB on the server',
    ]);
    expect(lines).toHaveLength(16);
  });

  it('gives the reasons of a failure first', () => {
    const text = certificateText(
      { ...PASSED, differences: 2 },
      { ...AROUND, killsAsked: 0, answersDigest: null },
      STYLE,
    );
    expect(text.split('\n').slice(0, 2)).toEqual(['Rehearsal failed', '  verify found 2 differences']);
    expect(text).toContain('Rules         rules, no answers');
    expect(text).toContain('Kills         none asked for');
  });
});
