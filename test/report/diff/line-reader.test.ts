import { describe, expect, it } from 'vitest';

import { readLines, type TextLine } from '../../../src/report/diff/line-reader.ts';
import { bytesOf } from './records.ts';

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
