import { describe, expect, it } from 'vitest';

import { readImages } from '../../../src/glance/reader/reader.ts';
import { readReferences, readReferencesTo } from '../../../src/glance/references/references.ts';
import { ENGINES } from '../../support/servers/engines.ts';
import { collectImages, eraDatabase, look } from '../support/era-database.ts';

describe.each(ENGINES)('readReferencesTo on %s', (engine) => {
  it.each(['diablo', 'essex', 'newest'])('sees of each image of %s what the whole pre-pass sees', async (name) => {
    const { database } = await eraDatabase(engine, name);
    const opened = await look(database);
    const { schema, references } = opened;
    let named = 0;
    for (const { image } of await collectImages(database, opened)) {
      const own = await readReferencesTo(database, schema, image.id);
      expect([image.name, own.referencedBy(image.id)]).toEqual([image.name, references.referencedBy(image.id)]);
      expect(await readImages(database, schema, own, [image.id])).toEqual(
        await readImages(database, schema, references, [image.id]),
      );
      if (own.referencedBy(image.id) !== null) named += 1;
    }
    expect(named).toBeGreaterThan(1);
  });

  it('finds every spelling of an id, and reads all values where an id could be anything', async () => {
    const { database } = await eraDatabase(engine, 'newest');
    const { schema } = await look(database);
    const no = engine === 'postgres' ? 'false' : '0';
    const target = '0badcafe-0000-4000-8000-00000000abcd';
    const odd = 'odd%id_é';
    const loud = 'ABCDABCD-0000-4000-8000-00000000ABCD';
    const referrer = 'feedbeef-0000-4000-8000-00000000abcd';
    for (const id of [target, odd, loud, referrer]) {
      await database.execute(
        `INSERT INTO images (id, name, size, status, disk_format, container_format, created_at, deleted, min_disk, min_ram, protected, visibility, os_hidden)
         VALUES (?, 'x', 1, 'active', 'raw', 'bare', '2020-01-01 00:00:00', ${no}, 0, 0, ${no}, 'shared', ${no})`,
        [id],
      );
    }
    await database.execute(
      `INSERT INTO image_properties (image_id, name, value, created_at, deleted) VALUES (?, 'kernel_id', '', '2020-01-01 00:00:00', ${no})`,
      [referrer],
    );
    const met: string[] = [];
    for (const value of [
      target,
      ` http://u:p@h/images/${target.toUpperCase()}/?x#y `,
      `x${target}`,
      odd,
      `h://h/${odd}`,
      loud,
    ]) {
      await database.execute('UPDATE image_properties SET value = ? WHERE image_id = ?', [value, referrer]);
      const all = await readReferences(database, schema);
      for (const id of [target, odd, loud]) {
        const own = await readReferencesTo(database, schema, id);
        expect([value, id, own.referencedBy(id)]).toEqual([value, id, all.referencedBy(id)]);
        if (own.referencedBy(id) !== null) met.push(value);
      }
    }
    // Only MySQL's collations take ids for the same whatever their case.
    expect(met).toHaveLength(engine === 'mariadb' ? 5 : 4);
  });

  it('reads all values where keys are integers, which have other spellings', async () => {
    const { database } = await eraDatabase(engine, 'diablo');
    const opened = await look(database);
    const [named] = (await collectImages(database, opened)).filter(({ referencedBy }) => referencedBy !== null);
    if (named === undefined) throw new Error('the fixture has no kernel');
    const others = opened.schema.images.columns.filter(({ name }) => name !== 'id');
    const list = others.map(({ name }) => database.dialect.quote(name)).join(', ');
    await database.execute(`INSERT INTO images (id, ${list}) SELECT 12345678, ${list} FROM images WHERE id = ?`, [
      Number(named.image.id),
    ]);
    const [property] = await database.query(
      `SELECT p.id FROM image_properties p JOIN images i ON i.id = p.image_id WHERE p.name = 'kernel_id' AND NOT p.deleted AND NOT i.deleted ORDER BY p.id`,
    );
    await database.execute('UPDATE image_properties SET value = ? WHERE id = ?', [
      'aki-00bc614e',
      Number(property?.['id']),
    ]);
    const { schema, references } = await look(database);
    const own = await readReferencesTo(database, schema, '12345678');
    expect(own.referencedBy('12345678')).toEqual(references.referencedBy('12345678'));
    expect(own.referencedBy('12345678')).toMatchObject({ asKernel: 1 });
  });
});
