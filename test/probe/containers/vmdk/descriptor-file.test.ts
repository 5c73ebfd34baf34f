import { describe, expect, it } from 'vitest';
import type { SafetyCode } from '../../../../src/model/safety.ts';
import { parseDescriptor } from '../../../../src/probe/containers/vmdk/descriptor.ts';
import { VMDK } from '../../../../src/probe/containers/vmdk/vmdk.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { probe } from '../../../../src/probe/probe.ts';
import { memorySource } from '../../../support/images/memory-source.ts';
import { openBytes } from '../image-file.ts';
import { cowdImage, SECTOR, sparseImage } from '../vmdk-image.ts';

const HEAD = 'CID=fffffffe\nparentCID=ffffffff\ncreateType="monolithicFlat"\n';

const PARENT = 'CID=fffffffe\nparentCID=ffffffff\nparentFileNameHint="/etc/passwd"\n';

function recognised(text: string): boolean {
  return VMDK.recognise({ head: fieldsOf(Buffer.from(text, 'latin1')), size: text.length }) !== null;
}

async function safetyOf(bytes: Buffer): Promise<readonly SafetyCode[]> {
  return (await openBytes(VMDK, bytes)).container.safety;
}

describe('text that QEMU follows once it is declared vmdk', () => {
  it.each([
    'RW         2 FLAT "/etc/passwd" 0',
    'RW +2 FLAT "/etc/passwd" 0',
    'RW 000000000000000000002 FLAT "/etc/passwd" 0',
    'RW\t2\tFLAT\t"/etc/passwd"\t0',
    'RW\v2\fFLAT "/etc/passwd" 0',
    'RW\n\n2\nFLAT\n"/etc/passwd"\n0',
    ' \t  RW 2 FLAT "/etc/passwd" 0',
    'RW 2FLAT "/etc/passwd" 0',
    'RW 2 FLAT"/etc/passwd" 0',
    '\r\nRW 2 FLAT "/etc/passwd" 0\r',
    'RW 2 VMFS "json:{}"',
    'RW 2 SPARSE "/dev/sda',
  ])('has the extent %j', async (line) => {
    expect(recognised(`${HEAD}${line}\n`)).toBe(true);
    expect(await safetyOf(Buffer.from(`${HEAD}${line}\n`))).toContain('EXTERNAL_EXTENTS');
  });

  it('has no extent but a parent', () => expect(recognised('createType="x"\nparentFileNameHint="/a"')).toBe(true));

  it.each([
    'The word createType, alone.',
    'createType, and RW in a sentence RW 2 FLAT',
    'RW 2 FLAT "/etc/passwd" 0',
    '',
  ])('is not there in %j', (text) => expect(recognised(text)).toBe(false));

  it.each([70_000, 600_000, 1_000_000])('is found behind %i bytes of comments', async (length) => {
    const text = `CID=fffffffe\n#${'x'.repeat(length)}\n${HEAD}RW 2 FLAT "/etc/passwd" 0\n`;
    const verdict = await probe(memorySource(Buffer.from(text)));
    expect(verdict).toMatchObject({ containerType: 'vmdk', imageType: null });
    expect(verdict.safety).toContain('EXTERNAL_EXTENTS');
  });

  it.each([' ', '"', 'RW ', 'RW RW\n', '1', 'createType', 'RW 1', '\n', 'createType RW\n'])(
    'is searched for in a MiB of %j without exhausting the machine',
    (unit) => {
      expect(() => recognised(`createType ${unit.repeat(1_048_576 / unit.length)}`)).not.toThrow();
    },
  );
});

describe('ordinary text', () => {
  it.each([
    ['Cargo.lock', '# This file is generated.\nversion = 3\n\n[[package]]\nname = "a"\n'],
    ['a version alone', 'version=1\n'],
    ['a manual that names both', `createType and parentFileNameHint, and\nRW 2 FLAT "x"`],
    ['settings', 'a = 1\ncreateType = "x"\n'],
  ])('%s is no container and has no codes', async (_, text) => {
    expect(await probe(memorySource(Buffer.from(text)))).toMatchObject({ containerType: 'raw', safety: [] });
  });

  it.each([
    ['extents', `Prose.\n${HEAD}RW 2 FLAT "a" 0\n`, ['EXTERNAL_EXTENTS']],
    ['a parent', `<html>\n${HEAD}parentFileNameHint="a"\n`, ['BACKING_FILE']],
    ['an address', `<html>\n${HEAD}RW\n2\nFLAT\n"nbd:a" 0\n`, ['EXTERNAL_EXTENTS', 'REMOTE_NAME']],
  ])('keeps the codes for %s that QEMU follows', async (_, text, safety) => {
    expect(await probe(memorySource(Buffer.from(text)))).toMatchObject({
      containerType: 'raw',
      imageType: null,
      safety,
    });
  });
});

describe('an address', () => {
  it.each([
    'RW 2 FLAT "json:{}" 0',
    'RW\n2\nFLAT\n"json:{}" 0',
    'RW \n\t2 FLAT\r\n"nbd://host/x" 0',
    'RW 2 FLAT "x"\nparentFileNameHint\n\njson:{}"',
    'RW 2 FLAT "x"\nparentFileNameHint="a"\nparentFileNameHint="ssh://b"',
  ])('is seen in %j', async (lines) => {
    expect(await safetyOf(Buffer.from(`${HEAD}${lines}\n`))).toContain('REMOTE_NAME');
  });

  it('is not seen in a name of Windows', async () => {
    expect(await safetyOf(Buffer.from(`${HEAD}RW\n2 FLAT "c:x" 0\n`))).not.toContain('REMOTE_NAME');
  });
});

describe('work on a MiB of hostile text', () => {
  it.each([
    ['extents', 'RW 2 FLAT "json:a" 0\n'],
    ['split extents', 'RW\n2\nFLAT\n"json:a"\n0\n'],
    ['parents', 'parentFileNameHint="json:a"\n'],
    ['beginnings of extents', 'RW\n'],
    ['lines without end', 'a=b '],
  ])('of %s: few reads, few entries of evidence', async (_, unit) => {
    const bytes = Buffer.from(HEAD + 'RW 2 FLAT "a" 0\n' + unit.repeat(Math.floor(1_048_576 / unit.length)));
    const { cost, evidence, safety } = await probe(memorySource(bytes));
    expect(safety).toContain('EXTERNAL_EXTENTS');
    expect(cost.requests).toBeLessThanOrEqual(4);
    expect(cost.bytes).toBeLessThanOrEqual(3 * 1_048_576);
    expect(evidence.length).toBeLessThanOrEqual(24);
    // Counted, not summed up without an end: as many extents as lines are looked at, twice.
    expect(parseDescriptor(bytes).extents.length).toBeLessThanOrEqual(2 * 4097);
  });
});

describe('20 sectors behind the header, which QEMU reads whatever the header says', () => {
  it('hold a parent behind a short descriptor', async () => {
    const bytes = sparseImage({ header: { descriptorSize: 1n } });
    bytes.write(PARENT, 2 * SECTOR, 'latin1');
    expect(await safetyOf(bytes)).toEqual(expect.arrayContaining(['BACKING_FILE', 'SMUGGLED_DESCRIPTOR']));
  });

  it('are not all: the header of COWD names a parent', async () => {
    const bytes = cowdImage({ here: [0] }, Buffer.alloc(SECTOR));
    bytes.write('base.vmdk', 32, 'latin1');
    expect(await safetyOf(bytes)).toEqual(expect.arrayContaining(['BACKING_FILE', 'PARENT_NEEDED']));
  });

  it('hold a parent in COWD', async () => {
    const bytes = cowdImage({ here: [0] }, Buffer.alloc(SECTOR));
    expect(await safetyOf(bytes)).not.toContain('BACKING_FILE');
    bytes.write(PARENT, SECTOR, 'latin1');
    expect(await safetyOf(bytes)).toEqual(expect.arrayContaining(['BACKING_FILE', 'SMUGGLED_DESCRIPTOR']));
  });
});
