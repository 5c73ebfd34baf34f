import { expect, it } from 'vitest';
import { GATE_REASONS, type GateResult, type GateService } from '../../../src/model/gate.ts';
import {
  aliasRecords,
  checkRecord,
  gateRecord,
  type RulesOrigin,
  rulesRecord,
} from '../../../src/report/records/command-records.ts';
import { RulesEffectTally } from '../../../src/report/rules-effect.ts';
import { createDecider } from '../../../src/rules/decide/decider.ts';
import { loadRules } from '../../../src/rules/table/load.ts';
import { shippedRules } from '../../../src/rules/table/rule-files.ts';
import { decide, evidence, predict } from '../../rules/evidence-builder.ts';
import { HEADER } from '../made-images.ts';

const RESULT: GateResult = {
  reasons: [],
  notes: ['a note'],
  images: 9,
  undecided: 3,
  left: 2,
  verified: 'no',
  nodes: [],
  services: [],
};

it('names reasons with what to do, and the exit code that they lead to', () => {
  const remedies = [{ kind: 'word', diskFormat: 'raw', containerFormat: 'bare' }] as const;
  const details = [
    { text: 'raw-bare-1', count: 3, sampleIds: ['i1'] },
    { text: 'mbr', count: 1, sampleIds: [], remedies },
  ];
  expect(gateRecord({ ...RESULT, reasons: [{ code: 'UNDECIDED', text: 'three', count: 3, details }] }, HEADER)).toEqual(
    {
      format_version: 1,
      glance_retype_gate: { version: 1, ...HEADER },
      ready: false,
      exit_code: 4,
      reasons: [
        {
          code: 'UNDECIDED',
          title: GATE_REASONS.UNDECIDED.title,
          text: 'three',
          count: 3,
          details: [
            { text: 'raw-bare-1', count: 3, sample_ids: ['i1'], remedies: [] },
            {
              text: 'mbr',
              count: 1,
              sample_ids: [],
              remedies: [{ kind: 'word', disk_format: 'raw', container_format: 'bare' }],
            },
          ],
          advice: GATE_REASONS.UNDECIDED.advice,
        },
      ],
      notes: ['a note'],
      images: 9,
      undecided: 3,
      left: 2,
      verified: false,
      nodes: [],
      services: {},
    },
  );
});

it('counts what each service does, and whether it is required', () => {
  const service: GateService = {
    service: 'nova',
    part: 'required',
    accepted: 4,
    refused: 3,
    refusedToday: 1,
    unknown: 2,
    unknownBecause: [{ why: 'not read', count: 2 }],
  };
  const others: readonly GateService[] = [
    service,
    { ...service, service: 'cinder', part: 'shown', unknownBecause: [] },
  ];
  const counts = { accepted: 4, refused: 3, refused_today: 1, unknown: 2 };
  expect(gateRecord({ ...RESULT, services: others }, HEADER).services).toEqual({
    nova: { required: true, ...counts, unknown_because: [{ why: 'not read', count: 2 }] },
    cinder: { required: false, ...counts, unknown_because: [] },
  });
});

it('lists the formats of each node with the place that names them', () => {
  const node = { name: 'api1', disk: ['raw'], container: ['bare'], diskPlace: 'a.conf:3', containerPlace: 'default' };
  expect(gateRecord({ ...RESULT, nodes: [node], verified: 'yes' }, HEADER)).toMatchObject({
    ready: true,
    exit_code: 0,
    verified: true,
    nodes: [
      {
        name: 'api1',
        disk_formats: ['raw'],
        disk_formats_from: 'a.conf:3',
        container_formats: ['bare'],
        container_formats_from: 'default',
      },
    ],
  });
});

const OWN = `
aliases: { disk: { vpc: vhd } }
rows:
  - id: RAW-DISK
    when: { disk: raw, container: bare }
    then: { type: disk, container: raw }
    reason: ours
`;
const table = loadRules([{ path: 'own.yaml', text: OWN, origin: 'operator' }, shippedRules()]);
const ORIGIN: RulesOrigin = { toolVersion: '0.1.0', files: ['own.yaml'], digest: 'aa', shippedDigest: 'bb' };
const HEAD = {
  format_version: 1,
  glance_retype: { version: 1, tool_version: '0.1.0', rules_digest: 'aa', shipped_digest: 'bb' },
  files: ['own.yaml'],
};
const ROW = {
  id: 'RAW-DISK',
  place: 'own.yaml:4 rows[0]',
  when: { disk: ['raw'], container: ['bare'] },
  answer: 'inferred: disk/raw',
  reason: 'ours',
  findings: [],
};

it('the table has the sections that were asked for, aliases and groups', () => {
  expect(rulesRecord(table, ['operator'], ORIGIN)).toMatchObject({
    ...HEAD,
    aliases: [{ column: 'disk', word: 'vpc', read_as: 'vhd' }],
    sections: [{ section: 'operator', rows: [ROW] }],
  });
  expect(aliasRecords(loadRules([shippedRules()]))).toEqual([]);
});

it('a check without a database has no effects', () => {
  expect(checkRecord(table, ORIGIN, null)).toMatchObject({
    ...HEAD,
    sound: true,
    rows: [{ ...ROW, effect: null }],
    aliases: [{ word: 'vpc', images: null }],
    alias_effect: null,
    database: null,
    images: null,
  });
});

it('a check with a database says what each row and each alias does', () => {
  const tally = new RulesEffectTally(table, decide);
  const after = createDecider(table, predict);
  for (const image of [evidence('raw', 'bare'), evidence('vpc', 'bare'), evidence('iso', 'bare')]) {
    tally.add(image, after(image));
  }
  expect(checkRecord(table, ORIGIN, { database: 'db', effect: tally.result() })).toMatchObject({
    rows: [
      {
        effect: {
          images: 1,
          settled: 1,
          changed: 0,
          changes: [
            {
              disk_format: 'raw',
              container_format: 'bare',
              before: { status: 'ambiguous', rule: 'RAW' },
              after: {
                status: 'inferred',
                rule: 'RAW-DISK',
                classifications: [{ image_type: 'disk', container_type: 'raw', envelope: null }],
              },
              count: 1,
            },
          ],
          other_changes: 0,
        },
      },
    ],
    aliases: [{ word: 'vpc', images: 1 }],
    database: 'db',
    images: 3,
  });
});
