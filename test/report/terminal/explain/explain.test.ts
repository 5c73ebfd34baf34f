import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../../src/model/decision.ts';
import type { StoredState } from '../../../../src/model/stored-state.ts';
import type { ReportHeader } from '../../../../src/report/plan/report.ts';
import { explainRecord } from '../../../../src/report/records/explain-record.ts';
import {
  decisionSection,
  findingsSection,
  renderExplanation,
} from '../../../../src/report/terminal/explain/explain.ts';
import { jsonText } from '../../../../src/report/words/safe-text.ts';
import { textWidth } from '../../../../src/report/words/text-width.ts';
import { type Explanation, traceDecision } from '../../../../src/rules/trace/trace.ts';
import {
  asKernel,
  evidence,
  type Example,
  liveKernel,
  table,
  typed,
  predict,
} from '../../../rules/evidence-builder.ts';
import { ambiguous, classification, decided, notApplicable, READ, unmappable } from '../../made-images.ts';

const HOSTILE = '\u001b[31mRED\u001b[0m\u202e<script>\n=cmd|x \u0007\u2028';

const header: ReportHeader = {
  tool_version: '0.0.0',
  created_at: '2026-01-31T12:00:00Z',
  database: 'mysql://glance@db1/glance',
  engine: 'MariaDB',
  era: '2024.1 or later',
  rules_digest: 'aa',
  answers_digest: null,
  probe: 'off',
  target: null,
  openstack: 'B',
  openstack_before: null,
  nova_backend: 'qcow2',
};

function explanation(
  disk: string | null,
  container: string | null,
  example: Example = {},
  stored?: StoredState,
): Explanation {
  const image = evidence(disk, container, example);
  const trace = traceDecision(image, table, predict);
  return { evidence: image, trace, decision: trace.decision, stored: stored ?? { kind: 'not-expanded' } };
}

const render = (what: Explanation, width = 100, next: readonly string[] = []) =>
  renderExplanation(what, { header, next, serviceTitles: {} }, 'everything', { width, colour: 'plain' });

const answer = (what: Explanation, next: readonly string[] = []) =>
  renderExplanation(what, { header, next, serviceTitles: {} }, 'answer', { width: 100, colour: 'plain' });

const stored: StoredState = {
  kind: 'expanded',
  target: 'columns',
  current: {
    runId: 2,
    batch: 7,
    committed: { uuid: 'u-u', pass: 1, committedAt: '2026-01-01T00:00:00Z' },
    status: 'inferred',
    imageType: 'disk',
    containerType: 'raw',
    envelope: 'tgz',
    rule: `R${HOSTILE}`,
    legacyDiskFormat: HOSTILE,
    legacyContainerFormat: null,
    glanceStatus: 'active',
    evidence: { evidence: [{ kind: 'tuple', detail: HOSTILE }], findings: [], candidates: [] },
  },
  earlier: [],
  run: {
    id: 2,
    state: 'complete',
    rulesDigest: 'bb',
    answersDigest: null,
    options: '{"probe":"all"}',
    toolVersion: '0.0.0',
    startedAt: '2026-01-01T00:00:00Z',
    finishedAt: null,
  },
  comparison: 'decision-changed',
  results: { imageType: HOSTILE, containerType: null, envelope: null, integrity: 'changed' },
};

describe('an explanation on a terminal', () => {
  it('says the decision, every row tried, how it was joined, and what is stored', () => {
    const text = render(explanation('ami', 'ami', liveKernel, stored), 120, ['glance-retype rollback --image x']);
    expect(text).toContain('Decision: exact, filesystem/raw');
    expect(text).toMatch(/disk is ami, wanted NULL +UNTYPED, UNTYPED-WRAPPED, UNTYPED-UNKNOWN, UNTYPED-OVA/);
    expect(text).toContain('OWN-KERNEL fires: it names a live kernel');
    expect(text).toContain('the votes choose among the types that the tuple allows: exact filesystem/raw');
    expect(text).toContain('not tried: the content was not read');
    expect(text).toMatch(/batch +7 of run 2, committed 2026-01-01T00:00:00Z, pass 1/);
    expect(text).toContain('other rules than now (bb), probe all');
    expect(text).toMatch(/somebody\s+else changed them/);
    // What to do comes before the trace.
    expect(text.indexOf('\nNext\n  glance-retype rollback --image x\n')).toBeLessThan(text.indexOf('OWN-KERNEL fires'));
  });

  it('begins with the decision, what the services do, and what to do next, and leaves the trace to --full', () => {
    const image = { id: 'i-1', name: 'netinst', owner: null };
    expect(answer(explanation('raw', 'bare', { image, properties: { os_type: 'linux' } }, stored), ['do this'])).toBe(
      `Image i-1  "netinst"
  raw / bare, active, no owner

Decision: ambiguous, (iso9660, disk, filesystem, kernel, ramdisk or other)/raw
  rule        RAW: raw is what clients write when they are told nothing; it may hold anything
  question    raw-bare-0070db0a
  seen        tuple: disk_format=raw, container_format=bare
              name: the name looks like an ISO image
              property: os_type is set, so it is meant to boot
  Nova today  boots as a disk

OpenStack B: what the services do (Nova backend: qcow2)
  nova               unknown: the bytes were not read
  glance             unknown: the bytes were not read
  glance-conversion  unknown: the bytes were not read
  cinder             unknown: the bytes were not read
  ironic             unknown: the bytes were not read
  ironic-agent       accepted, not inspected

Next
  do this

Stored
  the same row would be decided differently now: rules, answers, properties, references or content
  changed; somebody else changed its result columns

The evidence, every rule that was tried, and all that is stored: the same command with --full.
`,
    );
  });

  it('says so where nothing is to be done', () => {
    expect(answer(explanation('qcow2', 'bare'))).toContain(
      '\nNext\n  nothing to answer: migrate writes this decision, once expand has made the columns\n',
    );
    expect(answer(explanation('qcow2', 'bare', { image: { status: 'queued' } }))).toContain(
      '\nNext\n  nothing: there is no payload to classify\n',
    );
    const same = { ...stored, comparison: 'same' } as const;
    expect(answer(explanation('qcow2', 'bare', {}, same))).toContain('\nNext\n  nothing\n');
  });

  it('applies what the bytes say after all other sections', () => {
    const text = render(explanation('raw', 'bare'));
    expect([...text.matchAll(/^ {2}\d {2}(\w+) {2}/gm)].map((match) => match[1])).toEqual([
      'not_applicable',
      'operator',
      'references',
      'properties',
      'tuples',
      'content',
    ]);
  });

  it('says beside an answer what the rules say alone', () => {
    const what = explanation('raw', 'bare');
    const told = explanation('qcow2', 'bare').decision;
    const answered = { answer: 'a-1', question: 'raw-bare-12345678', agreement: 'outside' } as const;
    const text = render({ ...what, decision: { ...told, answered } });
    expect(text).toMatch(/your answer +a-1, not among the candidates; question raw-bare-12345678/);
    expect(text).toMatch(/rules alone +ambiguous, \(disk, .*\)\/raw, rule RAW/);
  });

  it('names every row that was tried and no other', () => {
    const what = explanation('raw', 'bare', typed('disk', 'qcow2', 'likely'));
    const text = render(what);
    for (const { tried, section } of what.trace.sections) {
      for (const { id } of tried) expect([section, id, text.includes(id)]).toEqual([section, id, true]);
    }
    expect(text).not.toContain('UNKNOWN-DISK-AMI');
  });

  it.each([
    ['undecided', explanation('raw', 'bare'), /question +raw-bare-[0-9a-f]{8}/],
    [
      'a reference',
      explanation('aki', 'aki', { referencedBy: asKernel }),
      /named by +2 live images as kernel, for example r1/,
    ],
    [
      'content',
      explanation('raw', 'bare', typed('disk', 'raw', 'certain', { safety: ['POLYGLOT'] })),
      /at 510 +guest: MBR, 1 partition\n +error +POLYGLOT/,
    ],
    ['not read', explanation('raw', 'bare', { content: { kind: 'unread', why: 'gone' } }), /Content\n +not read +gone/],
    ['no payload', explanation('raw', 'bare', { image: { deleted: true } }), /not tried: NA-DELETED has ended it/],
    [
      'findings',
      explanation('qcow2', 'bare', { kernel: { kind: 'missing', id: 'x' } }),
      /KERNEL_MISSING \(error\): kernel_id or ramdisk_id names no live image\n +The image names/,
    ],
    [
      'an interrupted expand',
      explanation('raw', 'bare', {}, { kind: 'interrupted', command: 'expand' }),
      /run glance-retype expand again/,
    ],
  ])('shows %s', (_what, what, expected) => {
    expect(render(what)).toMatch(expected);
  });

  it('is harmless and within the width whatever the database holds', () => {
    const what = explanation(
      HOSTILE,
      HOSTILE,
      {
        image: { id: HOSTILE, name: HOSTILE.repeat(20), owner: HOSTILE, status: HOSTILE },
        properties: { kernel_id: HOSTILE, os_distro: HOSTILE, img_type: '日本語'.repeat(40) },
        lost: { image_type: HOSTILE },
        kernel: { kind: 'missing', id: HOSTILE },
        ramdisk: { kind: 'live', id: HOSTILE, diskFormat: HOSTILE, containerFormat: HOSTILE },
        referencedBy: { asKernel: 1, asRamdisk: 0, sampleKernelOf: HOSTILE, sampleRamdiskOf: null },
        content: { kind: 'unread', why: HOSTILE },
      },
      stored,
    );
    for (const width of [80, 120]) {
      const text = render(what, width, [`glance-retype rollback --image '${HOSTILE}'`]);
      expect(text.replaceAll('\n', '')).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u);
      const lines = text.split('\n');
      const long = lines.filter((line) => textWidth(line) > width && !/glance-retype rollback/.test(line));
      expect(long).toEqual([]);
      const painted = renderExplanation(what, { header, next: [], serviceTitles: {} }, 'everything', {
        width,
        colour: 'ansi',
      });
      expect(stripVTControlCharacters(painted)).toBe(render(what, width));
    }
    const record = explainRecord(what, header, []);
    expect(jsonText(record)).not.toMatch(/[\p{Cc}\u202e\u2028]/u);
    expect(JSON.parse(jsonText(record))).toMatchObject({ image: { name: HOSTILE.repeat(20), owner: HOSTILE } });
  });

  it('never shows an address with a password, neither as text nor as JSON', () => {
    const address = 'http://user:s3cr3t@host/v1/images/x';
    const what = explanation('raw', 'bare', {
      properties: { kernel_id: address, image_location: address, mappings: address },
      kernel: { kind: 'missing', id: address },
      ramdisk: { kind: 'live', id: address, diskFormat: null, containerFormat: null },
    });
    expect(render(what) + jsonText(explainRecord(what, header, []))).not.toContain('s3cr3t');
  });
});

const PLAIN = { width: 200, colour: 'plain' } as const;
const image = evidence('raw', 'bare');
const trace = traceDecision(image, table, predict);

const lines = (decision: Decision): readonly string[] =>
  decisionSection({ evidence: image, trace, decision, stored: { kind: 'not-expanded' } }, PLAIN).split('\n');

it('a decided image: rule, one-field word, Nova today and afterwards', () => {
  const decision = decided({ disposition: 'refuse', content: READ });
  expect(lines(decision)).toEqual([
    'Decision: inferred, disk/qcow2',
    '  rule        RULE: the reason',
    '  one field   qcow2',
    '  Nova today  boots as a disk',
    '  afterwards  will be refused',
  ]);
  expect(lines(decided({ oneField: { format: null, why: 'no word for it' } }))[2]).toBe('  one field   no word for it');
});

it('an undecided image: what is left, and its question', () => {
  expect(lines(ambiguous()).slice(0, 3)).toEqual([
    'Decision: ambiguous, disk/raw or filesystem/raw',
    '  rule        RULE: the reason',
    expect.stringMatching(/^ {2}question {4}raw-bare-[0-9a-f]{8}$/),
  ]);
  expect(lines(unmappable({ imageType: 'other', envelope: 'tgz' }))[0]).toBe(
    'Decision: unmappable, other in no known container, in tgz',
  );
  expect(lines(notApplicable())).toHaveLength(3);
});

it('an answer that no candidate is says so, and that the rules decide the image without it', () => {
  const decision = decided({
    classification: classification('disk', 'raw'),
    answered: { answer: 'a-1', question: null, agreement: 'outside' },
  });
  expect(lines(decision)).toContain(
    '  your answer  a-1, not among the candidates; the rules decide the image without it',
  );
});

it('findings come with their paragraphs', () => {
  const text = findingsSection(decided({ findings: ['KERNEL_MISSING'] }), PLAIN);
  expect(text).toMatch(/^Findings\n {2}KERNEL_MISSING \(error\): .*\n {4}The image names/);
  expect(findingsSection(decided(), PLAIN)).toBe('');
});
