import { expect, it } from 'vitest';

import { GATE_REASONS, type GateResult } from '../../../src/model/gate.ts';
import { gateRecord } from '../../../src/report/records/gate-record.ts';
import { HEADER } from '../made-images.ts';

const RESULT: GateResult = {
  reasons: [],
  notes: ['a note'],
  images: 9,
  undecided: 3,
  left: 2,
  verified: 'no',
  nodes: [],
};

it('names reasons with what to do, and the exit code that they lead to', () => {
  const details = [{ text: 'raw-bare-1', count: 3, sampleIds: ['i1'] }];
  expect(gateRecord({ ...RESULT, reasons: [{ code: 'UNDECIDED', text: 'three', count: 3, details }] }, HEADER)).toEqual(
    {
      glance_retype_gate: { version: 1, ...HEADER },
      ready: false,
      exit_code: 4,
      reasons: [
        {
          code: 'UNDECIDED',
          title: GATE_REASONS.UNDECIDED.title,
          text: 'three',
          count: 3,
          details: [{ text: 'raw-bare-1', count: 3, sample_ids: ['i1'] }],
          advice: GATE_REASONS.UNDECIDED.advice,
        },
      ],
      notes: ['a note'],
      images: 9,
      undecided: 3,
      left: 2,
      verified: false,
      nodes: [],
    },
  );
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
