import { describe, expect, it } from 'vitest';

import { textFacts } from '../../../src/probe/inspection/text.ts';

const factsOf = (text: string | Uint8Array) => {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
  return textFacts({ bytes, size: bytes.length });
};

const LINE = 'sixty-four characters of text, as many as a header has to have .\n';
const SECTOR = LINE.repeat(8).slice(0, 512);

describe('text', () => {
  it.each([
    ['of 63 bytes', LINE.slice(0, 63), 'none'],
    ['of 64 bytes', LINE.slice(0, 64), 'ascii'],
    ['of one sector', SECTOR, 'ascii'],
    ['with a NUL in its first sector', `${SECTOR.slice(0, 511)}\0`, 'none'],
    ['with a NUL behind its first sector', `${SECTOR}\0`, 'ascii'],
    ['with a high byte in its first sector', `${SECTOR.slice(0, 511)}\u0080`, 'none'],
    ['with a high byte behind its first sector', `${SECTOR}\u0080`, 'ascii-then-other'],
    ['with a NUL before a high byte', `${SECTOR}\0\u0080`, 'ascii'],
    ['with a high byte before a NUL', `${SECTOR}\u00ff\0`, 'ascii-then-other'],
    ['with the white space of Python', `\t\n\v\f\r\u001c\u001d\u001e\u001f${LINE}`, 'ascii'],
    ['with a bell', `\u0007${LINE}`, 'none'],
    ['with 0E, which is no white space', `\u000e${LINE}`, 'none'],
    ['with 1B, which is no white space', `\u001b${LINE}`, 'none'],
    ['with DEL', `\u007f${LINE}`, 'none'],
    ['with control characters behind its first sector', `${SECTOR}\u0001\u007f`, 'ascii'],
    ['of a sparse extent', `KDMV${LINE}`, 'none'],
  ])('%s', (_what, text, word) => {
    expect(factsOf(text).text).toBe(word);
  });

  const LONG = LINE.repeat(64).slice(0, 4096);

  it.each([
    ['at the end of a file of 4,096 bytes', LONG, true],
    ['behind 4,097 bytes', `${LONG} `, false],
    ['at a NUL in byte 4,095', `${LONG.slice(0, 4095)}\0x`, true],
    ['behind a NUL in byte 4,096', `${LONG}\0`, false],
  ])('ends %s: %s', (_what, text, ends) => {
    expect(factsOf(text)).toMatchObject({ text: 'ascii', 'text-ends': ends });
  });

  it('is looked at for 4,096 bytes', () => {
    expect(factsOf(`${LONG.slice(0, 4095)}\u0080`).text).toBe('ascii-then-other');
    expect(factsOf(`${LONG}\u0080`).text).toBe('ascii');
  });

  it('is not known where less was read', () => {
    const bytes = Buffer.from(LONG.slice(0, 4095), 'latin1');
    const unseen = { text: null, 'text-ends': null, 'text-create-type': null };
    expect(textFacts({ bytes, size: 9999 })).toEqual(unseen);
    expect(textFacts({ bytes, size: null })).toEqual(unseen);
    expect(textFacts({ bytes: Buffer.alloc(512), size: 9999 })).toEqual({ text: 'none' });
  });
});

describe('a createType in a text', () => {
  it.each([
    ['in any case', 'CreateTYPE="custom"', true],
    ['in a comment', '# createType="custom"', true],
    ['without quotes', 'createType=custom', false],
    ['with a blank', 'createType = "custom"', false],
    ['of 63 characters', `createType="${'x'.repeat(63)}"`, true],
    ['of 64 characters', `createType="${'x'.repeat(64)}"`, false],
    ['without an end', `createType="${'x'.repeat(99)}`, true],
    ['that the inspector has for none', 'createType="formatNotFound"', false],
    ['first without, then with a value', `createType="${'x'.repeat(64)}" createType="custom"`, false],
  ])('%s: %s', (_what, text, found) => {
    expect(factsOf(`${LINE}${text}`)['text-create-type']).toBe(found);
  });

  it('is not found behind a NUL or 4,096 bytes', () => {
    expect(factsOf(`${SECTOR}\0createType="custom"`)['text-create-type']).toBe(false);
    expect(factsOf(`${LINE.repeat(64).slice(0, 4085)}createType="custom"`)['text-create-type']).toBe(false);
  });

  it('has no descriptor where there is none', () => {
    expect(factsOf(LINE)).toEqual({ text: 'ascii', 'text-ends': true, 'text-create-type': false });
  });

  it('has the facts of the descriptor', () => {
    const sound = '# Disk DescriptorFile\nversion=1\ncreateType="monolithicSparse"\nRW 2048 SPARSE "a.vmdk"\n';
    expect(factsOf(sound)).toEqual({
      text: 'ascii',
      'text-ends': true,
      'text-create-type': true,
      'vmdk-descriptor': 'sound',
      'vmdk-create-type': 'monolithicSparse',
    });
    expect(factsOf(sound.replace('a.vmdk', '/a.vmdk'))['vmdk-descriptor']).toBe('path');
  });
});
