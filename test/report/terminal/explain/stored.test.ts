import { expect, it } from 'vitest';

import type { StoredDecision, StoredState } from '../../../../src/model/stored-state.ts';
import { storedSection } from '../../../../src/report/terminal/explain/stored.ts';
import { HEADER } from '../../made-images.ts';

const PLAIN = { width: 200, colour: 'plain' } as const;
const CURRENT: StoredDecision = {
  runId: 2,
  batch: 7,
  committed: { uuid: 'u-1', pass: 1, committedAt: '2026-01-01T00:00:00Z' },
  status: 'ambiguous',
  imageType: null,
  containerType: null,
  envelope: null,
  rule: 'RAW',
  legacyDiskFormat: 'raw',
  legacyContainerFormat: null,
  glanceStatus: 'active',
  evidence: { evidence: [{ kind: 'name', detail: 'x' }], findings: [], candidates: ['disk/raw', 'kernel/raw'] },
};
const EXPANDED: Extract<StoredState, { kind: 'expanded' }> = {
  kind: 'expanded',
  target: 'columns',
  current: CURRENT,
  earlier: [
    {
      ...CURRENT,
      runId: 1,
      imageType: 'disk',
      envelope: 'tgz',
      evidence: { ...CURRENT.evidence, candidates: [] },
      supersededBy: 2,
    },
  ],
  run: {
    id: 2,
    state: 'complete',
    rulesDigest: HEADER.rules_digest,
    answersDigest: null,
    options: '{"probe":"all"}',
    toolVersion: '0.1.0',
    startedAt: 'then',
    finishedAt: null,
  },
  comparison: 'legacy-changed',
  results: { imageType: 'disk', containerType: null, envelope: null, integrity: 'changed' },
};
const AS_STORED = { imageType: 'disk', containerType: null, envelope: null, integrity: 'as-stored' } as const;
const lines = (stored: StoredState): readonly string[] => storedSection(stored, HEADER, PLAIN).split('\n');

it('what is stored, by which batch and run, and what was there before', () => {
  expect(lines(EXPANDED)).toEqual([
    'Stored',
    expect.stringMatching(/^ {2}state {11}disk_format, container_format or status changed after the decision/),
    '  decision        ambiguous, disk/raw or kernel/raw, rule RAW',
    '  decided on      raw / NULL, active',
    '  run             2, complete, begun then by glance-retype 0.1.0, the same rules as now, probe all',
    '  batch           7 of run 2, committed 2026-01-01T00:00:00Z, pass 1',
    '  batch uuid      u-1',
    '  evidence then   name: x',
    '  result columns  disk, NULL, NULL: not what the journal says, somebody else changed them',
    '  before run 2    run 1: ambiguous, disk/? in tgz, rule RAW',
  ]);
});

it('a lost batch and results as the journal says', () => {
  const text = storedSection(
    {
      ...EXPANDED,
      current: { ...CURRENT, committed: null },
      comparison: 'same',
      earlier: [],
      results: AS_STORED,
    },
    HEADER,
    PLAIN,
  );
  expect(text).toMatch(/batch +7 of run 2, the record of the batch is missing/);
  expect(text).toMatch(/result columns +disk, NULL, NULL, as the journal says/);
  expect(text).not.toContain('evidence then');
});

it('a database that is not expanded, or half', () => {
  expect(lines({ kind: 'not-expanded' })[1]).toBe('  nothing: the database has not been expanded');
  expect(lines({ kind: 'interrupted', command: 'rollback' })[1]).toContain(
    'run glance-retype rollback again to finish it',
  );
});
