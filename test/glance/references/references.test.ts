import { describe, expect, it } from 'vitest';

import { readImages } from '../../../src/glance/reader/reader.ts';
import { seededImages, uuidOf } from '../../../scripts/fixtures/eras/seed.ts';
import { ENGINES } from '../../support/servers/engines.ts';
import { byName, collectImages, eraDatabase, look } from '../support/era-database.ts';

const KERNEL = 'kernel, aki/aki';
const RAMDISK = 'ramdisk, ari/ari';

describe.each(ENGINES)('readReferences on %s', (engine) => {
  it.each(['diablo', 'essex', 'newest'])('leads every value of %s where it points', async (name) => {
    const { database, era } = await eraDatabase(engine, name);
    const ids = new Map(
      seededImages(era.release, database.dialect.name).map(({ id, image }) => [image.name, String(id)]),
    );
    const images = await collectImages(database, await look(database), 23);
    const kernel = { kind: 'live', id: ids.get(KERNEL), diskFormat: 'aki', containerFormat: 'aki' };
    const absent = { kind: 'absent' };
    const expected: Readonly<Record<string, unknown>> = {
      'ami/ami with a live kernel and ramdisk': kernel,
      'kernel_id as an address': kernel,
      'kernel_id nokernel': absent,
      'kernel_id None': absent,
      'kernel_id blank, as Nova snapshots have it': absent,
      'kernel_id NULL': absent,
      'kernel_id in a soft-deleted property': absent,
      'kernel_id of a soft-deleted image': absent,
      'Kernel_ID in capitals': absent,
      'raw/bare': absent,
      'kernel_id dangling integer': { kind: 'missing', id: '77777' },
      'kernel_id of a soft-deleted kernel': { kind: 'deleted', id: ids.get('kernel, aki/aki, soft-deleted') },
      'kernel_id as an EC2 id': name === 'diablo' ? kernel : { kind: 'missing', id: 'aki-00000001' },
      ...(name === 'diablo' ? { 'kernel_id with leading zeros': kernel } : {}),
    };
    for (const [image, target] of Object.entries(expected)) {
      expect([image, byName(images, image).kernel]).toEqual([image, target]);
    }
    expect(byName(images, 'kernel_id far too large').kernel.kind).toBe('missing');
    expect(byName(images, 'ami/ami with a live kernel and ramdisk').ramdisk).toMatchObject({ id: ids.get(RAMDISK) });
  });

  it('counts live referrers only, exactly, with the first one as a sample', async () => {
    const { database } = await eraDatabase(engine, 'newest');
    const images = await collectImages(database, await look(database));
    const referrers = [
      'ami/ami with a live kernel and ramdisk',
      'kernel_id as an address',
      'snapshot ami/ami, qcow2 inside',
    ];
    expect(byName(images, KERNEL).referencedBy).toMatchObject({
      asKernel: referrers.length,
      asRamdisk: 0,
      sampleKernelOf: uuidOf(referrers[0] ?? ''),
      sampleRamdiskOf: null,
    });
    expect(byName(images, RAMDISK).referencedBy).toMatchObject({ asKernel: 0, asRamdisk: 2 });
    expect(byName(images, 'raw/bare').referencedBy).toBeNull();
    expect(byName(images, 'kernel, aki/aki, soft-deleted').referencedBy).toMatchObject({ asKernel: 1 });
  });

  it('compares ids as the database does', async () => {
    const { database } = await eraDatabase(engine, 'newest');
    const id = uuidOf(RAMDISK);
    await database.execute("UPDATE image_properties SET value = ? WHERE name = 'kernel_id' AND value = ?", [
      id.toUpperCase(),
      uuidOf(KERNEL),
    ]);
    const images = await collectImages(database, await look(database));
    const target = byName(images, 'ami/ami with a live kernel and ramdisk').kernel;
    const used = byName(images, RAMDISK).referencedBy;
    if (engine === 'mariadb') {
      expect(target).toMatchObject({ kind: 'live', id });
      expect(used).toMatchObject({ asKernel: 2, asRamdisk: 2 });
    } else {
      expect(target).toEqual({ kind: 'missing', id: id.toUpperCase() });
      expect(used).toMatchObject({ asKernel: 0, asRamdisk: 2 });
    }
  });

  it('looks up a reference that was written after the pre-pass', async () => {
    const { database } = await eraDatabase(engine, 'newest');
    const opened = await look(database);
    const late = uuidOf('vdi/bare');
    await database.execute(
      `INSERT INTO image_properties (image_id, name, value, created_at, deleted)
       SELECT id, 'kernel_id', ?, created_at, deleted FROM images WHERE name = 'raw/bare'`,
      [late],
    );
    const [image] = await readImages(database, opened.schema, opened.references, [uuidOf('raw/bare')]);
    expect(image?.kernel).toMatchObject({ kind: 'live', id: late, diskFormat: 'vdi' });
  });

  it('holds distinct targets only', async () => {
    const { database } = await eraDatabase(engine, 'newest');
    const { references } = await look(database);
    const [row] = await database.query(
      "SELECT COUNT(*) AS total FROM image_properties WHERE name IN ('kernel_id', 'ramdisk_id')",
    );
    expect(references.size).toBeLessThan(20);
    expect(Number(row?.['total'])).toBeGreaterThan(100);
  });
});

describe.runIf(ENGINES.includes('postgres') || ENGINES.includes('sqlite'))('readReferences', () => {
  it.each(ENGINES.filter((engine) => engine !== 'mariadb'))(
    'keeps ids apart that differ by case on %s',
    async (engine) => {
      const { database } = await eraDatabase(engine, 'newest');
      const images = await collectImages(database, await look(database), 3);
      expect(byName(images, 'kernel_id in capitals, with a twin').kernel).toMatchObject({ diskFormat: 'aki' });
      expect(byName(images, 'kernel_id in small letters, with a twin').kernel).toMatchObject({ diskFormat: 'ari' });
      expect(byName(images, 'CASE-TWIN kernel').referencedBy).toMatchObject({ asKernel: 1 });
      expect(byName(images, 'case-twin kernel').referencedBy).toMatchObject({ asKernel: 1 });
    },
  );
});
