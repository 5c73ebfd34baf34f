import { describe, expect, it } from 'vitest';
import {
  EXTENT_START,
  parseDescriptor,
  type VmdkDescriptor,
} from '../../../../src/probe/containers/vmdk/descriptor.ts';
import type { SafetyCode } from '../../../../src/model/safety.ts';
import { VMDK } from '../../../../src/probe/containers/vmdk/vmdk.ts';
import { Unreadable } from '../../../../src/probe/reading/reading.ts';
import { openBytes, guestIs } from '../image-file.ts';
import {
  AT_END,
  descriptor,
  sparseImage,
  type DescriptorLines,
  type SparseFields,
  WINDOW,
  SOUND,
  cowdImage,
  SECTOR,
} from '../vmdk-image.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { probe } from '../../../../src/probe/probe.ts';
import { memorySource } from '../../../support/images/memory-source.ts';

const parsed = (...lines: readonly string[]): VmdkDescriptor =>
  parseDescriptor(Buffer.from(lines.join('\n'), 'latin1'));

const NOTHING: VmdkDescriptor = {
  createTypes: [],
  extents: [],
  hasParent: false,
  namesParent: false,
  namesAddress: false,
  namesTracking: false,
  strangeLines: 0,
};

it('finds nothing in an empty text, comments and blanks', () => {
  expect(parsed('', '# Disk DescriptorFile', '   ', '#DDB')).toEqual(NOTHING);
});

it('reads settings in any case, with and without quotes; two types contradict each other', () => {
  expect(parsed('createType="monolithicSparse"').createTypes).toEqual(['monolithicsparse']);
  expect(parsed('CREATETYPE = vmfs', 'createType="vmfs"').createTypes).toEqual(['vmfs']);
  expect(parsed('createType="vmfs"', 'createType="custom"').createTypes).toEqual(['vmfs', 'custom']);
});

describe('a parent', () => {
  it('is known by its content id', () => {
    expect(parsed('parentCID=ffffffff')).toEqual(NOTHING);
    expect(parsed('parentCID=12345678')).toEqual({ ...NOTHING, hasParent: true });
  });

  it('is known by the name of its file, even in a comment', () => {
    expect(parsed('# parentFileNameHint="base.vmdk"')).toEqual({ ...NOTHING, hasParent: true, namesParent: true });
  });
});

describe('an extent', () => {
  it('has a kind and a size in sectors', () => {
    expect(parsed('RW 4096 SPARSE "a.vmdk"', 'NOACCESS 8 ZERO').extents).toEqual([
      { kind: 'sparse', sectors: 4096n, leadsOut: false },
      { kind: 'zero', sectors: 8n, leadsOut: false },
    ]);
  });

  it.each(['/etc/shadow', String.raw`C:\disk`, '..', 'a/../b'])('leads out of its folder by the name %s', (name) => {
    expect(parsed(`RW 1 FLAT "${name}" 0`).extents).toMatchObject([{ leadsOut: true }]);
  });

  it('of less than no sectors has none', () => {
    expect(parsed('RW -5 FLAT "a"').extents).toMatchObject([{ sectors: 0n }]);
    expect(parsed('RW +5 FLAT "a"').extents).toMatchObject([{ sectors: 5n }]);
  });

  it('may be spread over lines, as sscanf reads it', () => {
    expect(parsed('RW', '7', 'FLAT "a"', 'RW', '8', 'FLAT "b"').extents).toMatchObject([
      { kind: 'flat', sectors: 7n },
      { kind: 'flat', sectors: 8n },
    ]);
    expect(EXTENT_START.test('x\n \tRDONLY\n 1')).toBe(true);
    expect(EXTENT_START.test('x RW 1')).toBe(false);
  });
});

describe('a name', () => {
  it.each(['RW 1 FLAT "nbd://host/x" 0', 'parentFileNameHint="json:{}"', 'xparentfilenamehint: nbd:x'])(
    'in %j is an address',
    (line) => {
      expect(parsed(line).namesAddress).toBe(true);
    },
  );

  it('with the letter of a drive is a path', () => {
    expect(parsed('RW 1 FLAT "c:disk.vmdk" 0').namesAddress).toBe(false);
  });
});

it('counts lines that the format does not know, and ends lines at a NUL', () => {
  expect(parsed('nonsense', 'more nonsense\0changeTrackPath="x"')).toMatchObject({
    strangeLines: 2,
    namesTracking: true,
  });
});

it('reads the first 4096 lines, and counts the rest as one strange line', () => {
  const { createTypes, strangeLines } = parsed(...Array.from({ length: 4096 }, () => '#'), 'RW', 'createType="x"');
  expect({ createTypes, strangeLines }).toEqual({ createTypes: [], strangeLines: 2 });
});

describe('descriptor inside a VMDK', () => {
  const withLines = (lines: DescriptorLines) => sparseImage({ ...SOUND, descriptor: descriptor(lines) });

  it.each<readonly [string, readonly SafetyCode[], DescriptorLines]>([
    ['of monolithicSparse', [], {}],
    ['of streamOptimized', [], { createType: 'streamOptimized' }],
    ['in capitals', [], { createType: 'MONOLITHICSPARSE' }],
    ['of monolithicFlat', ['SUBTYPE_REFUSED'], { createType: 'monolithicFlat' }],
    ['of two types', ['SUBTYPE_REFUSED'], { more: ['createType="vmfs"'] }],
    ['with a flat extent', ['EXTERNAL_EXTENTS'], { extents: ['RW 2048 FLAT "disk-flat.vmdk" 0'] }],
    ['with two extents', ['EXTERNAL_EXTENTS'], { extents: ['RW 1024 SPARSE "a.vmdk"', 'RW 1024 SPARSE "b.vmdk"'] }],
    ['with an absolute path', ['EXTERNAL_EXTENTS'], { extents: ['RW 2048 SPARSE "/etc/passwd"'] }],
    ['with a path of Windows', ['EXTERNAL_EXTENTS'], { extents: ['RW 2048 SPARSE "C:\\disk.vmdk"'] }],
    ['with two dots', ['EXTERNAL_EXTENTS'], { extents: ['rdonly 2048 sparse ".."'] }],
    ['with an address', ['EXTERNAL_EXTENTS', 'REMOTE_NAME'], { extents: ['RW 2048 SPARSE "nbd://host.example/x"'] }],
    ['with a json: name', ['REMOTE_NAME'], { extents: ['RW 2048 SPARSE "json:{}"'] }],
    ['without extents', ['MALFORMED_HEADER'], { extents: [] }],
    ['with a file for changes', ['EXTERNAL_EXTENTS'], { more: ['changeTrackPath="disk-ctk.vmdk"'] }],
    ['with lines of no kind', ['MALFORMED_HEADER'], { more: ['include other.vmdk'] }],
  ])('%s', async (_, safety, lines) => {
    const opened = await openBytes(VMDK, withLines(lines));

    expect(opened.container.safety).toEqual(safety);
    guestIs(opened.guest, WINDOW);
  });

  it.each<readonly [string, readonly SafetyCode[], DescriptorLines]>([
    ['by its content id', ['PARENT_NEEDED'], { parentCid: '12345678' }],
    ['by name', ['BACKING_FILE', 'PARENT_NEEDED'], { more: ['parentFileNameHint="base.vmdk"'] }],
    ['in a comment, where QEMU finds it', ['BACKING_FILE', 'PARENT_NEEDED'], { more: ['# parentFileNameHint="x"'] }],
    [
      'by address',
      ['BACKING_FILE', 'PARENT_NEEDED', 'REMOTE_NAME'],
      { more: ['parentFileNameHint="json:{\\"driver\\":\\"nbd\\"}"'] },
    ],
  ])('with a parent %s: grains that are not here are the parent’s', async (_, safety, lines) => {
    const here = await openBytes(VMDK, withLines(lines));
    const half = await openBytes(VMDK, sparseImage({ ...SOUND, grains: [128], descriptor: descriptor(lines) }));
    const none = await openBytes(VMDK, sparseImage({ descriptor: descriptor(lines) }));

    expect(here.container.safety).toEqual(safety);
    guestIs(here.guest, WINDOW);
    expect(half.guest).toBeInstanceOf(Unreadable);
    expect(none.container.guest).toEqual({ kind: 'closed', why: 'needs a parent file' });
  });

  it('is not shown to anybody', async () => {
    const secret = 'secret-tenant-name';
    const { container } = await openBytes(
      VMDK,
      withLines({ extents: [`RW 1 FLAT "/${secret}" 0`], more: [`parentFileNameHint="${secret}"`, secret] }),
    );

    expect(JSON.stringify(container)).not.toContain(secret);
  });

  it.each<readonly [string, SafetyCode, SparseFields, string]>([
    ['in another sector', 'SMUGGLED_DESCRIPTOR', { descriptorOffset: 40n }, ''],
    ['of 1 MiB', 'OVERSIZED_TABLE', { descriptorSize: 2048n }, descriptor()],
    ['of 2^64 sectors', 'OVERSIZED_TABLE', { descriptorSize: AT_END }, descriptor()],
    ['of no length', 'MALFORMED_HEADER', { descriptorSize: 0n }, descriptor()],
    ['past the end', 'TABLE_OUT_OF_BOUNDS', { descriptorOffset: 2n ** 40n }, ''],
    ['beyond any file', 'MALFORMED_HEADER', { descriptorOffset: 2n ** 63n }, ''],
  ])('%s', async (_, code, header, text) => {
    const opened = await openBytes(VMDK, sparseImage({ ...SOUND, header, descriptor: text }));

    expect(opened.container.safety).toContain(code);
    guestIs(opened.guest, WINDOW);
  });

  it.each([0n, 40n])(
    'at sector %d does not hide the parent that QEMU finds behind the header',
    async (descriptorOffset) => {
      const text = descriptor({ more: ['parentFileNameHint="/etc/passwd"'] });

      const { container } = await openBytes(
        VMDK,
        sparseImage({ ...SOUND, header: { descriptorOffset }, descriptor: text }),
      );

      expect(container.safety).toEqual(
        expect.arrayContaining(['SMUGGLED_DESCRIPTOR', 'BACKING_FILE', 'PARENT_NEEDED']),
      );
    },
  );

  it('behind a capacity of zero is followed by QEMU, so the guest is closed', async () => {
    const text = descriptor({ createType: 'monolithicFlat', extents: ['RW 1 FLAT "/etc/passwd" 0'] });

    const { container } = await openBytes(VMDK, sparseImage({ ...SOUND, header: { capacity: 0n }, descriptor: text }));

    expect(container.safety).toEqual(['EXTERNAL_EXTENTS', 'SMUGGLED_DESCRIPTOR', 'SUBTYPE_REFUSED']);
    expect(container.guest).toEqual({ kind: 'closed', why: 'its data lies in other files' });
  });
});

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
