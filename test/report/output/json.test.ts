import { expect, it } from 'vitest';
import { decisionRecord } from '../../../src/report/records/decision-record.ts';
import { createJsonWriter } from '../../../src/report/output/json.ts';
import {
  ambiguous,
  decided,
  HEADER,
  memorySink,
  NASTY,
  reportOf,
  row,
  summaryOf,
  classification,
  unmappable,
} from '../made-images.ts';

async function document(images: Parameters<typeof summaryOf>[0]): Promise<string> {
  const sink = memorySink();
  const writer = createJsonWriter(sink);
  for (const [image, decision] of images) await writer.add(image, decision);
  await writer.end(reportOf(summaryOf(images)));
  expect(sink.state.ended).toBe(1);
  return sink.pieces.join('');
}

it('a document without images is a document', async () => {
  const parsed = JSON.parse(await document([])) as Record<string, unknown>;
  expect(Object.keys(parsed)).toEqual(['images', 'glance_retype', 'summary', 'answers']);
  expect(parsed['images']).toEqual([]);
  expect(parsed['glance_retype']).toEqual({ version: 1, ...HEADER });
  expect(parsed['summary']).toMatchObject({ total: 0, by_status: { exact: 0 } });
  expect(parsed['answers']).toBeNull();
});

it('images come back exactly, one a line', async () => {
  const images = NASTY.map((text, index) => [row({ id: `${index}`, name: text }), decided({ rule: text })] as const);
  const text = await document(images);
  const parsed = JSON.parse(text) as { images: unknown };
  expect(parsed.images).toEqual(images.map(([image, decision]) => decisionRecord(image, decision)));
  expect(text.split('\n').filter((line) => line.startsWith('{"image_id"'))).toHaveLength(images.length);
});

it('the summary has the facts in snake_case', async () => {
  const parsed = JSON.parse(
    await document([
      [row({ diskFormat: ' RAW', containerFormat: null }), ambiguous({ findings: ['TUPLE_NOT_NORMALISED'] })],
      [row({ diskFormat: 'root-tar' }), unmappable({ imageType: 'other' })],
      [
        row({}),
        decided({
          classification: classification('other', 'raw', 'docker'),
          oneField: { format: null, why: 'no word' },
          disposition: 'refuse',
        }),
      ],
    ]),
  ) as { summary: unknown };
  const raw = [
    { image_type: 'disk', container_type: 'raw', envelope: null },
    { image_type: 'filesystem', container_type: 'raw', envelope: null },
  ];
  const id = '00000000-0000-4000-8000-000000000001';
  const outcome = { rule: 'RULE', reason: 'the reason', count: 1 };
  expect(parsed.summary).toEqual({
    total: 3,
    by_status: { exact: 0, inferred: 1, ambiguous: 1, unmappable: 1, 'not-applicable': 0 },
    not_applicable: [],
    tuples: [
      {
        disk_format: ' RAW',
        container_format: null,
        count: 1,
        outcomes: [
          { ...outcome, status: 'ambiguous', image_type: null, container_type: null, envelope: null, candidates: raw },
        ],
      },
      {
        disk_format: 'qcow2',
        container_format: 'bare',
        count: 1,
        outcomes: [
          {
            ...outcome,
            status: 'inferred',
            image_type: 'other',
            container_type: 'raw',
            envelope: 'docker',
            candidates: [],
          },
        ],
      },
      {
        disk_format: 'root-tar',
        container_format: 'bare',
        count: 1,
        outcomes: [
          {
            ...outcome,
            status: 'unmappable',
            image_type: 'other',
            container_type: null,
            envelope: null,
            candidates: [],
          },
        ],
      },
    ],
    other_tuples: {
      count: 0,
      by_status: { exact: 0, inferred: 0, ambiguous: 0, unmappable: 0, 'not-applicable': 0 },
    },
    undecided: [
      {
        ...outcome,
        question: 'raw-null-5bbfa9c9',
        evidence: [],
        status: 'ambiguous',
        disk_format: 'raw',
        container_format: null,
        image_type: null,
        envelope: null,
        candidates: raw,
        content_unasked: 1,
        samples: [{ id, name: 'cirros' }],
      },
      {
        ...outcome,
        question: 'root-tar-bare-e742c967',
        evidence: [],
        status: 'unmappable',
        disk_format: 'root-tar',
        container_format: 'bare',
        image_type: 'other',
        envelope: null,
        candidates: [],
        content_unasked: 1,
        samples: [{ id, name: 'cirros' }],
      },
    ],
    other_undecided: 0,
    findings: [
      {
        code: 'TUPLE_NOT_NORMALISED',
        severity: 'warning',
        title: 'a format word has capitals or blanks, or is empty',
        count: 1,
        sample_ids: [id],
      },
    ],
    content: null,
    cutover: {
      decided: 1,
      different: 1,
      matrix: [{ nova_today: 'boot-disk', disposition: 'refuse', count: 1 }],
    },
    one_field: {
      words: [],
      lost: [{ image_type: 'other', container_type: 'raw', envelope: 'docker', why: 'no word', count: 1 }],
      envelopes: [{ envelope: 'docker', count: 1 }],
    },
  });
});
