import { array, assert, asyncProperty, constantFrom, oneof, option, string } from 'fast-check';
import { expect, it } from 'vitest';
import type { Decision } from '../../../src/model/decision.ts';
import type { ImageEvidence } from '../../../src/model/image.ts';
import { createCsvWriter, createJsonWriter, createNdjsonWriter } from '../../../src/report/output/writers.ts';
import { decisionRecord } from '../../../src/report/records/decision-record.ts';
import {
  ambiguous,
  classification,
  decided,
  HEADER,
  memorySink,
  NASTY,
  reportOf,
  row,
  summaryOf,
  unmappable,
} from '../made-images.ts';
import { ACCEPTED, MBR, prediction, UNKNOWN } from '../made-services.ts';
import { cellText, readCsv } from '../support/csv-reader.ts';
import { runs } from '../../support/effort.ts';

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
  expect(Object.keys(parsed)).toEqual(['format_version', 'images', 'glance_retype', 'summary', 'answers', 'owners']);
  expect(parsed['images']).toEqual([]);
  expect(parsed['glance_retype']).toEqual({ version: 1, ...HEADER });
  expect(parsed['summary']).toMatchObject({ total: 0, by_status: { exact: 0 } });
  expect([parsed['answers'], parsed['owners']]).toEqual([null, null]);
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
    services: {},
    cutover: {
      decided: 1,
      different: 1,
      breaks: 1,
      improves: 0,
      matrix: [{ nova_today: 'boot-disk', disposition: 'refuse', count: 1 }],
    },
    one_field: {
      words: [],
      lost: [{ image_type: 'other', container_type: 'raw', envelope: 'docker', why: 'no word', count: 1 }],
      envelopes: [{ envelope: 'docker', count: 1 }],
    },
  });
});

it('one line an image, keys exactly as listed', async () => {
  const sink = memorySink();
  const writer = createNdjsonWriter(sink);
  await writer.add(row({ owner: null }), decided({ findings: ['ZERO_SIZE'], services: [prediction('nova', MBR)] }));
  await writer.add(row({ id: '2', diskFormat: null, containerFormat: '' }), ambiguous());
  await writer.end(reportOf(summaryOf([])));
  expect(sink.pieces.join('')).toBe(
    '{"image_id":"00000000-0000-4000-8000-000000000001","name":"cirros","owner":null,"status_glance":"active","disk_format":"qcow2","container_format":"bare","image_type":"disk","container_type":"qcow2","envelope":null,"format":"qcow2","status":"inferred","rule":"RULE","candidates":[],"evidence":[],"findings":["ZERO_SIZE"],"disposition":"boot-disk","nova_today":"boot-disk","question":null,"answer":null,"services":{"nova":{"verdict":"refused","step":"safety","check":"mbr","why":"the partition table is not sound","remedies":[],"before":null}}}\n' +
      '{"image_id":"2","name":"cirros","owner":"tenant","status_glance":"active","disk_format":null,"container_format":"","image_type":null,"container_type":null,"envelope":null,"format":null,"status":"ambiguous","rule":"RULE","candidates":[{"image_type":"disk","container_type":"raw","envelope":null},{"image_type":"filesystem","container_type":"raw","envelope":null}],"evidence":[],"findings":[],"disposition":null,"nova_today":"boot-disk","question":"null-null-edb15a90","answer":null,"services":{}}\n',
  );
  expect(sink.state.ended).toBe(1);
});

it('every nasty text comes back as it was, and no line is broken or harmful', async () => {
  const sink = memorySink();
  const writer = createNdjsonWriter(sink);
  const images = NASTY.map((text) => row({ name: text, owner: text, diskFormat: text }));
  const decision = decided({ evidence: [{ kind: 'name', detail: NASTY.join('|') }] });
  for (const image of images) await writer.add(image, decision);
  await writer.end(reportOf(summaryOf([])));
  const text = sink.pieces.join('');
  expect(text).not.toMatch(/(?!\n)\p{Cc}|[\u2028\u2029\u202e\ufeff]/u);
  const lines = text.trimEnd().split(/[\n\u2028\u2029\u0085]/);
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
    images.map((image) => decisionRecord(image, decision)),
  );
});

it('text of a decision is not mixed up between decisions', async () => {
  const sink = memorySink();
  const writer = createNdjsonWriter(sink);
  const decisions = [decided({ rule: 'A' }), decided({ rule: 'B' })];
  for (const index of [0, 1, 0, 1]) {
    const decision = decisions[index];
    if (decision !== undefined) await writer.add(row({}), decision);
  }
  await writer.end(reportOf(summaryOf([])));
  expect(sink.pieces.join('').match(/"rule":"."/g)).toEqual(['"rule":"A"', '"rule":"B"', '"rule":"A"', '"rule":"B"']);
});

it('no images, no text', async () => {
  const sink = memorySink();
  await createNdjsonWriter(sink).end(reportOf(summaryOf([])));
  expect(sink.pieces).toEqual([]);
  expect(sink.state.ended).toBe(1);
});

const HEAD =
  'image_id,name,owner,status_glance,disk_format,container_format,image_type,container_type,envelope,format,status,rule,candidates,evidence,findings,disposition,nova_today,question,answer,services\r\n';

async function csv(images: readonly (readonly [ImageEvidence, Decision])[]): Promise<string> {
  const sink = memorySink();
  const writer = createCsvWriter(sink);
  for (const [image, decision] of images) await writer.add(image, decision);
  await writer.end(reportOf(summaryOf([])));
  expect(sink.state.ended).toBe(1);
  return sink.pieces.join('');
}

it('a plan without images is the header line', async () => {
  expect(await csv([])).toBe(HEAD);
});

it('NULL is an empty field, the empty string is quoted, lists are JSON', async () => {
  const text = await csv([[row({ id: '7', name: null, owner: '' }), ambiguous({ findings: ['FS_NO_KERNEL'] })]]);
  expect(text).toBe(
    `${HEAD}7,,"",active,qcow2,bare,,,,,ambiguous,RULE,"[{""image_type"":""disk"",""container_type"":""raw"",""envelope"":null},{""image_type"":""filesystem"",""container_type"":""raw"",""envelope"":null}]",[],"[""FS_NO_KERNEL""]",,boot-disk,qcow2-bare-abca6356,,\r\n`,
  );
});

it('the services are short words in one cell', async () => {
  const services = [prediction('nova', MBR, ACCEPTED), prediction('glance', ACCEPTED), prediction('cinder', UNKNOWN)];
  expect(await csv([[row({}), decided({ services })]])).toMatch(
    /,boot-disk,,,nova=accepted>refused:mbr glance=accepted cinder=unknown\r\n$/,
  );
});

const LISTS: ReadonlySet<string> = new Set(['candidates', 'evidence', 'findings']);

/** Every record of a CSV text by the names of its columns. */
function readBack(text: string): readonly Record<string, unknown>[] {
  const [head, ...records] = readCsv(text);
  expect(head).toEqual(HEAD.trimEnd().split(','));
  return records.map((record) =>
    Object.fromEntries(
      record.map((value, index) => {
        const key = head?.[index] ?? '';
        const cell = cellText(value);
        return [key, LISTS.has(key) ? (JSON.parse(cell ?? '') as unknown) : cell];
      }),
    ),
  );
}

function imagesNamed(texts: readonly (string | null)[]) {
  return texts.map(
    (text, index) =>
      [
        row({ id: `${index}`, name: text, owner: text, status: text ?? '', diskFormat: text, containerFormat: text }),
        decided({ rule: text ?? 'R', evidence: [{ kind: 'name', detail: text ?? '' }] }),
      ] as const,
  );
}

/** The record of an image of which no service was asked. */
function written([image, decision]: readonly [ImageEvidence, Decision]) {
  return { ...decisionRecord(image, decision), services: null };
}

it('every nasty text comes back as it was', async () => {
  const images = imagesNamed([null, ...NASTY]);
  expect(readBack(await csv(images))).toEqual(images.map(written));
});

it.each([
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t'=1"],
  ['\r=1', `"'\r'=1"`],
  ['a;=1', "a;'=1"],
  ['a; =1', "a;' =1"],
  ['a\t@b', "a\t'@b"],
  ['a\n+1', `"a\n'+1"`],
  ["a;'b", "a;''b"],
  ['a;"=1"', `"a;'""=1"""`],
  ['a;b', 'a;b'],
  ['＝1', "'＝1"],
  ['＋1', "'＋1"],
  ['－1', "'－1"],
  ['＠a', "'＠a"],
  ['  =1', "'  =1"],
  ['\ufeff=1', "'\ufeff=1"],
  ["'=1", "''=1"],
  ["'", "''"],
  ['=cmd|\'/c calc\'!A1,"x"', `"'=cmd|'/c calc'!A1,""x"""`],
  ['a=1', 'a=1'],
  ['2026-11-24', '2026-11-24'],
  ['über', 'über'],
])('the name %j is written as %j', async (name, cell) => {
  expect(await csv([[row({ name }), decided()]])).toContain(`-000000000001,${cell},tenant,`);
});

it('any text comes back, and no cell begins as a formula does', async () => {
  const text = oneof(
    string({ unit: 'grapheme' }),
    string({
      unit: constantFrom("'", ';', '=', '+', '-', '@', '＝', '＠', '\t', '\r', '\n', ' ', ',', '"', '\0', 'a'),
    }),
  );
  await assert(
    asyncProperty(array(option(text), { minLength: 1, maxLength: 5 }), async (texts) => {
      const images = imagesNamed(texts);
      const text = await csv(images);
      expect(readBack(text)).toEqual(images.map(written));
      for (const cell of readCsv(text).flat()) {
        expect(cell ?? '').not.toMatch(/^[\t\r]/u);
        // As a spreadsheet parts it that was told another separator.
        for (const part of (cell ?? '').split(/[;\t\r\n]/u)) expect(part).not.toMatch(/^\s*"*\s*[=+\-@＝＋－＠]/u);
      }
    }),
    runs(500),
  );
});
