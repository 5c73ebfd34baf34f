import { expect, it } from 'vitest';
import type { StoredDecision, StoredState } from '../../../../src/model/stored-state.ts';
import {
  contentSection,
  imageTitle,
  propertiesSection,
  referencesSection,
  rowSection,
  storedLine,
  storedSection,
} from '../../../../src/report/terminal/explain/image.ts';
import { asBoth, evidence, liveKernel, typed, untyped } from '../../../rules/evidence-builder.ts';
import { HEADER } from '../../made-images.ts';

const PLAIN = { width: 100, colour: 'plain' } as const;

it('the row as stored, NULL and unknown told apart', () => {
  const image = { id: 'i1', name: null, owner: null, size: null, minDisk: null, deleted: true };
  expect(rowSection(evidence(null, ' bare', { image }), PLAIN).split('\n')).toEqual([
    'Row',
    '  disk_format       NULL',
    "  container_format  ' bare'",
    '  status            active, soft-deleted',
    '  size              NULL',
    '  min_disk          not known',
    '  owner             none',
  ]);
});

it('the title never breaks an id, and cuts a name that has no room', () => {
  const id = '4f0c7a1e-1d1c-4b57-9a53-3f4b9d2c1a10';
  const named = evidence('raw', null, { image: { id, name: 'the quick brown fox and the lazy dog', owner: 'o' } });
  expect(imageTitle(named, PLAIN).split('\n')).toEqual([
    `Image ${id}  "the quick brown fox and the lazy dog"`,
    '  raw / NULL, active, owner o',
  ]);
  expect(imageTitle(named, { ...PLAIN, width: 42 }).split('\n')[0]).toBe(`Image ${id}`);
});

it('one line of what is stored, in the tone of the worst', () => {
  expect(storedLine({ kind: 'not-expanded' }, PLAIN)).toBe('');
  const results = { imageType: 'disk', containerType: 'raw', envelope: null } as const;
  const state = { kind: 'expanded', target: 'columns', current: null, earlier: [], run: null } as const;
  const line = (integrity: 'as-stored' | 'changed') =>
    storedLine({ ...state, comparison: 'same', results: { ...results, integrity } }, { width: 100, colour: 'ansi' });
  expect(line('as-stored')).toContain('\u001b[32mthe same decision would be made now\u001b[0m');
  expect(line('changed')).toContain('\u001b[31mthe same decision would be made now; somebody else changed its');
});

it('properties, live and lost', () => {
  const text = propertiesSection(
    evidence('raw', 'bare', { properties: { os_type: 'linux' }, lost: { kernel_id: 'k' } }),
    PLAIN,
  );
  expect(text).toMatch(/^Properties looked at\n {2}name +value +counts as\n {2}os_type +linux/);
  expect(text).toMatch(/\n {2}Lost \(soft-deleted without a time of deletion\):\n {2}name .*\n {2}kernel_id +k/);
  expect(propertiesSection(evidence('raw', 'bare'), PLAIN)).toContain('none of those that a rule looks at');
});

it('references in both directions', () => {
  const image = evidence('ami', 'ami', { ...liveKernel, ramdisk: { kind: 'missing', id: 'r' }, referencedBy: asBoth });
  expect(referencesSection(image, PLAIN).split('\n')).toEqual([
    'References',
    '  kernel_id   f0f0f0f0-0000-4000-8000-00000000000a, a live image declared aki / aki',
    '  ramdisk_id  r, which no row has',
    '  named by    1 live image as kernel, for example r1; 1 live image as ramdisk, for example r2',
  ]);
});

it('content: the verdict, how the container was found, and what was seen', () => {
  const read = typed('disk', 'qcow2', 'certain', { safety: ['DIRTY'], reach: 'cut', refutes: ['vmdk', 'vdi'] });
  expect(contentSection(evidence('raw', 'bare', read), PLAIN).split('\n')).toEqual([
    'Content',
    '  verdict    disk/qcow2, certain',
    '  container  by its signature',
    '  cannot be  vmdk, vdi',
    '  reach      some of the requested bytes could not be read',
    '  at 510     guest: MBR, 1 partition',
    expect.stringMatching(/^ {2}warning {4}DIRTY: /),
    '  read       524,288 bytes in 1 request',
  ]);
  const blank = contentSection(evidence('raw', 'bare', untyped(null, 'all zeros')), PLAIN);
  expect(blank).toContain('?/?, no type: all zeros\n  container  no signature of a container was found');
  expect(contentSection(evidence('raw', 'bare'), PLAIN)).toContain('the content was not read');
});

const WIDE = { width: 200, colour: 'plain' } as const;
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
const lines = (stored: StoredState): readonly string[] => storedSection(stored, HEADER, WIDE).split('\n');

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
    WIDE,
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
