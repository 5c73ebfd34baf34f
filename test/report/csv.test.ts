import { expect, it } from 'vitest';
import { createCsvWriter } from '../../src/report/csv.ts';
import { decisionRecord } from '../../src/report/decision-record.ts';
import type { Decision } from '../../src/model/decision.ts';
import type { ImageEvidence } from '../../src/model/image.ts';
import { ambiguous, decided, reportOf, memorySink, NASTY, row, summaryOf } from './made-images.ts';

const HEAD =
  'image_id,name,owner,status_glance,disk_format,container_format,image_type,container_type,envelope,format,status,rule,candidates,evidence,findings,disposition,nova_today\r\n';

async function csv(images: readonly (readonly [ImageEvidence, Decision])[]): Promise<string> {
  const sink = memorySink();
  const writer = createCsvWriter(sink);
  for (const [image, decision] of images) await writer.add(image, decision);
  await writer.end(reportOf(summaryOf([])));
  expect(sink.state.ended).toBe(1);
  return sink.pieces.join('');
}

/** A reader by the grammar of RFC 4180 that tells an unquoted empty field (null) from a quoted one. */
function parse(text: string): (string | null)[][] {
  const records: (string | null)[][] = [];
  let fields: (string | null)[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  while (field.lastIndex < text.length) {
    const at = field.lastIndex;
    const match = field.exec(text);
    if (match === null) throw new Error(`not RFC 4180 at ${at}: ${text.slice(at, at + 40)}`);
    fields.push(match[1]?.replaceAll('""', '"') ?? (match[2] === '' ? null : (match[2] ?? null)));
    if (match[3] === '\r\n') {
      records.push(fields);
      fields = [];
    }
  }
  return records;
}

it('a plan without images is the header line', async () => {
  expect(await csv([])).toBe(HEAD);
});

it('NULL is an empty field, the empty string is quoted, lists are JSON', async () => {
  const text = await csv([[row({ id: '7', name: null, owner: '' }), ambiguous({ findings: ['FS_NO_KERNEL'] })]]);
  expect(text).toBe(
    `${HEAD}7,,"",active,qcow2,bare,,,,,ambiguous,RULE,"[{""image_type"":""disk"",""container_type"":""raw"",""envelope"":null},{""image_type"":""filesystem"",""container_type"":""raw"",""envelope"":null}]",[],"[""FS_NO_KERNEL""]",,boot-disk\r\n`,
  );
});

it('every nasty text comes back as it was', async () => {
  const images = [null, ...NASTY].map(
    (text, index) =>
      [
        row({ id: `${index}`, name: text, owner: text, containerFormat: text }),
        decided({ rule: text ?? 'R', evidence: [{ kind: 'name', detail: text ?? '' }] }),
      ] as const,
  );
  const [head, ...records] = parse(await csv(images));
  expect(head).toEqual(HEAD.trimEnd().split(','));
  const lists = new Set(['candidates', 'evidence', 'findings']);
  const read = records.map((record) =>
    Object.fromEntries(
      record.map((value, index) => {
        const key = head?.[index] ?? '';
        return [key, lists.has(key) ? (JSON.parse(value ?? '') as unknown) : value];
      }),
    ),
  );
  expect(read).toEqual(images.map(([image, decision]) => decisionRecord(image, decision)));
});

it('a name that looks like a formula is not altered', async () => {
  expect(await csv([[row({ name: '=1+1' }), decided()]])).toContain(',=1+1,');
});
