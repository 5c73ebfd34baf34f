import { expect, it } from 'vitest';
import { createCsvWriter } from '../../../src/report/output/csv.ts';
import { createJsonWriter } from '../../../src/report/output/json.ts';
import { createNdjsonWriter } from '../../../src/report/output/ndjson.ts';
import { createPieceBuffer } from '../../../src/report/output/text-sink.ts';
import { decided, reportOf, memorySink, row, summaryOf } from '../made-images.ts';

it('small texts are gathered into pieces of about 64 KiB, in order', async () => {
  const sink = memorySink();
  const buffer = createPieceBuffer(sink);
  const texts = Array.from({ length: 3_000 }, (_, index) => `${index}`.padStart(100, '.'));
  for (const text of texts) await buffer.add(text);
  await buffer.end();
  expect(sink.pieces.join('')).toBe(texts.join(''));
  expect(sink.pieces.map((piece) => piece.length)).toEqual([65_600, 65_600, 65_600, 65_600, 37_600]);
});

it('end waits for the last piece before it ends the sink', async () => {
  const calls: string[] = [];
  const buffer = createPieceBuffer({
    async write(text) {
      await Promise.resolve();
      calls.push(text);
    },
    end() {
      calls.push('end');
      return Promise.resolve();
    },
  });
  await buffer.add('rest');
  await buffer.end();
  expect(calls).toEqual(['rest', 'end']);
});

const WRITERS = { ndjson: createNdjsonWriter, csv: createCsvWriter, json: createJsonWriter };

for (const [format, createWriter] of Object.entries(WRITERS)) {
  it(`the ${format} writer answers at once while it gathers and makes the caller wait for a slow sink`, async () => {
    const releases: (() => void)[] = [];
    const writer = createWriter({
      write: () => new Promise<void>((resolve) => releases.push(resolve)),
      end: () => Promise.resolve(),
    });
    let answer = writer.add(row({}), decided());
    let added = 1;
    while (answer === undefined && added < 10_000) {
      answer = writer.add(row({}), decided());
      added += 1;
    }
    expect(added).toBeGreaterThan(100);
    expect(releases).toHaveLength(1);
    let state: 'waiting' | 'free' = 'waiting';
    const waiting = Promise.resolve(answer).then(() => (state = 'free'));
    await Promise.resolve();
    expect(state).toBe('waiting');
    releases[0]?.();
    await waiting;
    expect(state).toBe('free');
  });

  it(`an error of the sink comes out of the ${format} writer`, async () => {
    const writer = createWriter({
      write: () => Promise.reject(new Error('disk full')),
      end: () => Promise.resolve(),
    });
    await writer.add(row({}), decided());
    await expect(writer.end(reportOf(summaryOf([])))).rejects.toThrow('disk full');
  });
}
