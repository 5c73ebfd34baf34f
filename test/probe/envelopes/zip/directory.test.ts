import { describe, expect, it } from 'vitest';
import { zipData, zipEntries, type ZipEntries } from '../../../../src/probe/envelopes/zip/directory.ts';
import { perform } from '../../../../src/probe/perform/perform.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { memorySource } from '../../../support/images/memory-source.ts';
import { zipOf } from '../support/zip.ts';

const entriesOf = async (bytes: Uint8Array, size: number | null = bytes.length): Promise<ZipEntries> =>
  perform(zipEntries({ head: fieldsOf(bytes), size }), memorySource(bytes));

const data = Buffer.from('content');
const ZIP = zipOf(
  { name: 'a', data, method: 8, size: 99 },
  { name: 'dir/', data: Buffer.alloc(0) },
  { name: 'b', data },
);

describe('the directory of an archive', () => {
  it('lists files with sizes, method and place; neither directories nor empty files', async () => {
    expect(await entriesOf(ZIP)).toEqual({
      end: 'seen',
      files: [
        { name: 'a', isEncrypted: false, method: 8, packed: 7, size: 99, header: 0 },
        { name: 'b', isEncrypted: false, method: 0, packed: 7, size: 7, header: 38 + 34 },
      ],
    });
  });
  it('may have a comment behind it', async () => {
    expect((await entriesOf(Buffer.concat([ZIP, Buffer.alloc(2000)]))).files).toHaveLength(2);
  });
  it('has sizes of 64 bits in an extra field', async () => {
    const bytes = Buffer.from(zipOf({ name: 'a', data }));
    const central = bytes.indexOf('PK\u0001\u0002');
    const extra = Buffer.alloc(20);
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(16, 2);
    extra.writeBigUInt64LE(5_000_000_000n, 4);
    extra.writeBigUInt64LE(7n, 12);
    bytes.writeUInt32LE(0xffff_ffff, central + 20);
    bytes.writeUInt32LE(0xffff_ffff, central + 24);
    bytes.writeUInt16LE(20, central + 30);
    const end = bytes.indexOf('PK\u0005\u0006');
    bytes.writeUInt32LE(end - central + 20, end + 12);
    const wide = Buffer.concat([bytes.subarray(0, end), extra, bytes.subarray(end)]);
    expect((await entriesOf(wide)).files).toMatchObject([{ size: 5_000_000_000, packed: 7 }]);
    // Too short for both: the second is not known.
    extra.writeUInt16LE(8, 2);
    expect((await entriesOf(Buffer.concat([bytes.subarray(0, end), extra, bytes.subarray(end)]))).files).toMatchObject([
      { size: 5_000_000_000, packed: null },
    ]);
  });
  it('that is broken in the middle was not seen to its end', async () => {
    const broken = Buffer.from(ZIP);
    broken.write('xx', broken.lastIndexOf('PK\u0001\u0002'));
    const { files, end } = await entriesOf(broken);
    expect([files.map(({ name }) => name), end]).toEqual([['a'], 'unseen']);
  });
});

describe('local headers', () => {
  it('are walked where the size of the file is not known, up to the directory', async () => {
    const { files, end } = await entriesOf(ZIP, null);
    expect([files.map(({ name }) => name), end]).toEqual([['a', 'b'], 'seen']);
  });
  it('are walked where the end of the file is missing', async () => {
    const { files, end } = await entriesOf(ZIP.subarray(0, 45));
    expect([files.map(({ name }) => name), end]).toEqual([['a'], 'unseen']);
  });
  it('end the walk where the length stands behind the data', async () => {
    const streamed = Buffer.from(zipOf({ name: 'a', data, flags: 8 }, { name: 'b', data }));
    streamed.writeUInt32LE(0, 18);
    streamed.writeUInt32LE(0, 22);
    const { files, end } = await entriesOf(streamed, null);
    expect([files, end]).toMatchObject([[{ name: 'a', packed: null, size: null }], 'unseen']);
  });
  it('tell where data begin', async () => {
    const { files } = await entriesOf(ZIP);
    const [, second] = files;
    if (second === undefined) throw new Error('no second file');
    const at = await perform(zipData(second), memorySource(ZIP));
    expect(ZIP.toString('latin1', at, at + 7)).toBe('content');
    await expect(perform(zipData({ ...second, header: 1 }), memorySource(ZIP))).rejects.toMatchObject({
      reason: 'malformed',
    });
  });
});
