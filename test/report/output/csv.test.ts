import { array, assert, asyncProperty, constantFrom, oneof, option, string } from 'fast-check';
import { expect, it } from 'vitest';
import { createCsvWriter } from '../../../src/report/output/csv.ts';
import { decisionRecord } from '../../../src/report/records/decision-record.ts';
import type { Decision } from '../../../src/model/decision.ts';
import type { ImageEvidence } from '../../../src/model/image.ts';
import { cellText, readCsv } from '../support/csv-reader.ts';
import { ambiguous, decided, reportOf, memorySink, NASTY, row, summaryOf } from '../made-images.ts';

const HEAD =
  'image_id,name,owner,status_glance,disk_format,container_format,image_type,container_type,envelope,format,status,rule,candidates,evidence,findings,disposition,nova_today,question,answer\r\n';

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
    `${HEAD}7,,"",active,qcow2,bare,,,,,ambiguous,RULE,"[{""image_type"":""disk"",""container_type"":""raw"",""envelope"":null},{""image_type"":""filesystem"",""container_type"":""raw"",""envelope"":null}]",[],"[""FS_NO_KERNEL""]",,boot-disk,qcow2-bare-abca6356,\r\n`,
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

it('every nasty text comes back as it was', async () => {
  const images = imagesNamed([null, ...NASTY]);
  expect(readBack(await csv(images))).toEqual(images.map(([image, decision]) => decisionRecord(image, decision)));
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
      const written = await csv(images);
      expect(readBack(written)).toEqual(images.map(([image, decision]) => decisionRecord(image, decision)));
      for (const cell of readCsv(written).flat()) {
        expect(cell ?? '').not.toMatch(/^[\t\r]/u);
        // As a spreadsheet parts it that was told another separator.
        for (const part of (cell ?? '').split(/[;\t\r\n]/u)) expect(part).not.toMatch(/^\s*"*\s*[=+\-@＝＋－＠]/u);
      }
    }),
    { numRuns: 500 },
  );
});
