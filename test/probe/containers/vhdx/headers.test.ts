import { describe, expect, it } from 'vitest';
import { Observations } from '../../../../src/probe/containers/format/observations.ts';
import { currentHeader } from '../../../../src/probe/containers/vhdx/headers.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { readOver } from '../../reading-over.ts';
import { header } from '../vhdx-image.ts';

const BROKEN = Buffer.alloc(4096);

function current(first: Buffer, second: Buffer, size: number | null = 4 * 1024 * 1024) {
  const file = Buffer.concat([Buffer.alloc(65_536), first, Buffer.alloc(65_536 - 4096), second]);
  const notes = new Observations();
  const { value } = readOver(file, currentHeader({ head: fieldsOf(file), size }, notes));
  return { ...value, codes: notes.safety(), offsets: notes.evidence().map(({ offset }) => offset) };
}

describe('of two headers', () => {
  it('the one with the higher number is current', () => {
    expect(current(header({ sequence: 7n }), header({ sequence: 6n }))).toEqual({
      logPending: false,
      codes: [],
      offsets: [65_536],
    });
    expect(current(header({ sequence: 7n }), header({ sequence: 8n })).offsets).toEqual([131_072]);
  });

  it('the valid one is current, which is noted', () => {
    expect(current(BROKEN, header())).toMatchObject({ codes: ['HEADERS_DISAGREE'] });
    expect(current(header(), header().fill(1, 200, 201))).toMatchObject({ codes: ['HEADERS_DISAGREE'] });
  });

  it('neither may be broken; with one number they must be equal', () => {
    expect(() => current(BROKEN, BROKEN)).toThrow('neither header is valid');
    expect(current(header(), header()).codes).toEqual([]);
    expect(() => current(header(), header({ logLength: 2 * 1024 * 1024 }))).toThrow('two different headers');
  });

  it('have version 1', () => {
    expect(() => current(header({ version: 2 }), BROKEN)).toThrow('version 2 of the VHDX format');
  });
});

describe('a log', () => {
  it('is pending where it has a GUID', () => {
    expect(current(header({ logGuid: 1 }), BROKEN)).toMatchObject({
      logPending: true,
      codes: ['DIRTY', 'HEADERS_DISAGREE'],
    });
  });

  it('past the end of the file is noted where it is pending', () => {
    const far = header({ logGuid: 1, logOffset: 2n ** 40n });
    expect(current(far, far).codes).toEqual(['DIRTY', 'TABLE_OUT_OF_BOUNDS']);
    expect(current(far, far, null).codes).toEqual(['DIRTY']);
    expect(current(header({ logOffset: 2n ** 40n }), header({ logOffset: 2n ** 40n })).codes).toEqual([]);
  });

  it('lies at whole mebibytes, not over the headers, and has a known version', () => {
    expect(() => current(header({ logLength: 4096 }), BROKEN)).toThrow('a log of 4096 bytes');
    expect(() => current(header({ logOffset: 0n }), BROKEN)).toThrow('a log of');
    expect(() => current(header({ logGuid: 1, logVersion: 1 }), BROKEN)).toThrow('log version 1');
  });
});
