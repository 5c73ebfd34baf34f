import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/model/error.ts';
import { readLines, readPlanFile, type TextLine } from '../../../src/report/diff/plan-file.ts';
import { type PlanRecord, recordOf, recordTexts } from '../../../src/report/diff/plan-record.ts';
import { createJsonWriter, createNdjsonWriter, type DecisionWriter } from '../../../src/report/output/writers.ts';
import { ambiguous, decided, HEADER, memorySink, NASTY, reportOf, row, summaryOf, unmappable } from '../made-images.ts';
import { bytesOf, record } from './records.ts';

const IMAGES = [
  [row({ id: 'a', name: null, owner: null, diskFormat: null, containerFormat: '' }), unmappable()],
  [row({ id: 'b' }), decided()],
  ...NASTY.map((name, index) => [row({ id: `n${index}`, name, owner: name }), ambiguous()] as const),
] as const;

async function written(
  make: (sink: ReturnType<typeof memorySink>) => DecisionWriter,
  images = IMAGES,
): Promise<string> {
  const sink = memorySink();
  const writer = make(sink);
  for (const [evidence, decision] of images) await writer.add(evidence, decision);
  await writer.end(reportOf(summaryOf([])));
  return sink.pieces.join('');
}

async function read(text: string | Uint8Array, chunk = 37) {
  const records: PlanRecord[] = [];
  const problems: Problem[] = [];
  const { header } = await readPlanFile(
    { name: 'p', chunks: bytesOf(text, chunk) },
    (found) => {
      records.push(found);
      return null;
    },
    problems,
  );
  return { records, problems, header };
}

describe('reading a plan file', () => {
  it.each([1, 37, 100_000])('gives back what JSON and NDJSON hold, in pieces of %i bytes', async (size) => {
    const lines = await written(createNdjsonWriter);
    const json = await read(await written(createJsonWriter), size);
    const ndjson = await read(lines, size);
    expect([json.problems, ndjson.problems]).toEqual([[], []]);
    expect(ndjson.records).toEqual(
      lines
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    );
    expect(json.records).toEqual(ndjson.records);
    expect(json.records.map((each) => recordOf(recordTexts(each)))).toEqual(json.records);
    expect(ndjson.header).toBeNull();
    expect(json.header).toEqual(HEADER);
  });

  it('reads a document without images, but no empty file', async () => {
    expect(await read(await written(createJsonWriter, [] as unknown as typeof IMAGES))).toMatchObject({
      records: [],
      problems: [],
    });
    expect((await read('')).problems).toMatchObject([{ place: 'p:1', found: 'an empty file' }]);
  });

  it('takes a file of an earlier version, and one with keys in another order and keys of a later version', async () => {
    const { question: _question, answer: _answer, ...older } = record();
    const later = { zone: 'x', ...Object.fromEntries(Object.entries(record()).reverse()) };
    const { records, problems } = await read(`${JSON.stringify(older)}\r\n${JSON.stringify(later)}\n`);
    expect(problems).toEqual([]);
    expect(records.map(recordTexts)).toEqual([recordTexts(record()), recordTexts(record())]);
  });

  it.each([1, 20, 300, 900])('tells a document that was cut off %i bytes before its end', async (missing) => {
    const text = await written(createJsonWriter);
    const { problems } = await read(text.slice(0, -1 - missing));
    expect(problems).toHaveLength(1);
    expect(problems[0]?.found).toContain('cut off');
  });

  it('tells a document that was cut off between two lines, wherever that is', async () => {
    const lines = (await written(createJsonWriter)).trimEnd().split('\n');
    for (let kept = 1; kept < lines.length; kept += 1) {
      const { problems } = await read(`${lines.slice(0, kept).join('\n')}\n`);
      expect(problems).toMatchObject([{ place: `p:${kept}`, found: expect.stringContaining('cut off') as string }]);
    }
  });

  it.each([1, 40])('tells NDJSON that was cut off inside of a line (%i bytes)', async (missing) => {
    const { problems } = await read((await written(createNdjsonWriter)).slice(0, -missing));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({
      place: `p:${IMAGES.length}`,
      found: expect.stringContaining('cut off') as string,
    });
  });

  it.each<[string, string | Uint8Array, string]>([
    ['gzip', gzipSync('{"images":[\n'), 'compressed'],
    ['re-formatted JSON', JSON.stringify({ images: [record()] }, null, 2), 'another layout'],
    ['JSON on one line', JSON.stringify({ images: [record()] }), 'another layout'],
    ['a list', JSON.stringify([record()]), 'another layout'],
    ['CSV', 'image_id,name\r\n', 'CSV'],
    ['text', 'hello\nworld\n', 'something else'],
    ['a byte order mark', `\ufeff${JSON.stringify(record())}\n`, 'byte order mark'],
    ['other JSON lines', '{"source":"a.img","image_type":null}\n', 'no image_id, name'],
    ['a number', '{"images":[\n1\n],\n', 'another JSON value'],
    ['no comma', `{"images":[\n${JSON.stringify(record())}\n${JSON.stringify(record())}\n],\n`, 'neither'],
    ['a comma too many', `{"images":[\n${JSON.stringify(record())},\n],\n"glance_retype":{"version":1}}\n`, 'no JSON'],
    ['a later document', '{"images":[\n],\n"glance_retype":{"version":2}}\n', 'another version'],
    ['no header', '{"images":[\n],\n"summary":{}}\n', 'without them'],
    ['more behind it', '{"images":[\n],\n"glance_retype":{"version":1}}\n{}\n', 'more after it'],
    ['a status that is none', `${JSON.stringify({ ...record(), status: 'sure' })}\n`, 'something else'],
    ['evidence that is none', `${JSON.stringify({ ...record(), evidence: ['x'] })}\n`, 'something else'],
  ])('refuses %s', async (_name, text, found) => {
    const { problems } = await read(text);
    expect(problems[0]?.found).toContain(found);
    expect(problems[0]?.place).toMatch(/^p:\d+$/);
  });

  it('collects bad lines with their numbers, up to ten', async () => {
    const good = JSON.stringify(record());
    const some = await read(`${good}\nx\n${good}\n{}\n`);
    expect(some.problems.map(({ place }) => place)).toEqual(['p:2', 'p:4']);
    expect(some.records).toHaveLength(2);
    expect((await read(`${good}\n${'x\n'.repeat(500)}`)).problems).toHaveLength(10);
  });
});

async function linesOf(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ readonly lines: readonly TextLine[]; readonly last: string }> {
  let last = 'not asked';
  const lines: TextLine[] = [];
  for await (const some of readLines(chunks, (found) => (last = found))) lines.push(...some);
  return { lines, last };
}

const text = (line: string): TextLine => ({ kind: 'text', text: line });

describe('lines', () => {
  it.each([1, 2, 3, 100])('are the same in chunks of %i bytes, also where a character is parted', async (size) => {
    const { lines, last } = await linesOf(bytesOf('one\n\nzwö\n日本\n', size));
    expect(lines).toEqual(['one', '', 'zwö', '日本'].map(text));
    expect(last).toBe('ended');
  });

  it('the last one may lack its line feed, which is told', async () => {
    expect(await linesOf(bytesOf('one\ntwo'))).toEqual({ lines: [text('one'), text('two')], last: 'cut' });
  });

  it('there are none in an empty file', async () => {
    expect(await linesOf(bytesOf(''))).toEqual({ lines: [], last: 'ended' });
  });

  it('bytes that are not UTF-8 have no text', async () => {
    const { lines } = await linesOf(bytesOf(Uint8Array.from([0x61, 0x0a, 0xff, 0x0a])));
    expect(lines).toEqual([text('a'), { kind: 'not-text' }]);
  });

  it('a line of more than 8 MiB ends the reading before the rest is held', async () => {
    let asked = 0;
    async function* endless(): AsyncGenerator<Uint8Array, void, undefined> {
      for (;;) {
        asked += 1;
        yield new Uint8Array(1024 * 1024).fill(0x61);
      }
    }
    expect((await linesOf(endless())).lines).toEqual([{ kind: 'too-long' }]);
    expect(asked).toBe(9);
  });
});
