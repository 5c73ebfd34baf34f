import { describe, expect, it } from 'vitest';
import { CLOSED_FORMATS, DESCRIPTOR_FORMAT, FOREIGN_FORMAT } from '../../../src/probe/envelopes/closed-formats.ts';
import { fieldsOf } from '../../../src/probe/reading/fields.ts';
import { judged } from './support/judged.ts';

const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.padEnd(600, '\u0001'), 'latin1'));

describe('envelopes that are not opened', () => {
  it.each([
    ['lzop data', '\x89LZO\0\r\n\x1a\n', '-/raw/compressed undetermined'],
    ['lha archive', 'xx-lh5-', '-/raw/compressed undetermined'],
    ['7z archive', '7z\xbc\xaf\x27\x1c', 'other/raw/- weak'],
    ['rar archive', 'Rar!\x1a\x07', 'other/raw/- weak'],
    ['cabinet', 'MSCF\0\0\0\0', 'other/raw/- weak'],
    ['ar archive', '!<arch>\n', 'other/raw/- likely'],
    ['rpm package', '\xed\xab\xee\xdb', 'other/raw/- likely'],
  ])('%s', async (name, magic, line) => {
    const seen = (bytes: Uint8Array): readonly string[] =>
      CLOSED_FORMATS.flatMap(({ recognise }) => recognise({ head: fieldsOf(bytes), size: null })?.detail ?? []);
    expect(seen(latin1(magic))).toEqual([name]);
    expect(seen(latin1(magic).subarray(0, magic.length - 1))).toEqual([]);
    expect(await judged(latin1(magic))).toBe(line);
  });
});

describe('an OVF descriptor alone', () => {
  const isDescriptor = (bytes: Uint8Array): boolean =>
    DESCRIPTOR_FORMAT.recognise({ head: fieldsOf(bytes), size: null }) !== null;
  const TEXT = '<?xml version="1.0"?><ovf:Envelope xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"/>';
  it('is a text with the namespace of the standard, or of VMware before it', async () => {
    expect(isDescriptor(Buffer.from(TEXT))).toBe(true);
    expect(isDescriptor(Buffer.from('<Envelope xmlns="http://www.vmware.com/schema/ovf/1/envelope">'))).toBe(true);
    expect(isDescriptor(Buffer.from(TEXT.replace('dmtf', 'else')))).toBe(false);
    expect(isDescriptor(Buffer.from(TEXT.replace('Envelope', 'Letter')))).toBe(false);
    expect(isDescriptor(Buffer.from(`words ${TEXT}`))).toBe(false);
    expect(await judged(Buffer.from(TEXT))).toBe('other/raw/ovf likely');
  });
  it('may be in UTF-8 or UTF-16, with a mark of the byte order', () => {
    expect(isDescriptor(Buffer.from(`\ufeff${TEXT}`))).toBe(true);
    expect(isDescriptor(Buffer.from(`\ufeff${TEXT}`, 'utf16le'))).toBe(true);
    expect(isDescriptor(Buffer.from(`\ufeff${TEXT}`, 'utf16le').swap16())).toBe(true);
  });
});

it('zeros are no disk of a foreign format', () => {
  expect(FOREIGN_FORMAT.recognise({ head: fieldsOf(new Uint8Array(4096)), size: 4096 })).toBeNull();
});
