import { describe, expect, it } from 'vitest';

import { introspectGlance } from '../../src/glance/introspect.ts';
import { propertyNamesFor } from '../../src/glance/properties/property-statement.ts';
import { readImages, readPages } from '../../src/glance/reader/reader.ts';
import { readReferences } from '../../src/glance/references/references.ts';
import { EVIDENCE_PROPERTIES, type ImageEvidence } from '../../src/model/image.ts';
import { createDecider } from '../../src/rules/decide/decider.ts';
import { table, predict } from '../rules/evidence-builder.ts';
import { ENGINES } from '../support/servers/engines.ts';
import { byName, collectImages, eraDatabase, look, pagesOf } from './support/era-database.ts';

const NAMES = [
  'site_role',
  '__proto__',
  "' OR 1 = 1 --",
  '名前',
  '💾',
  'Größe in €',
  'with "quotes", ? and %',
  '$1',
  ' padded ',
  'OS_Role',
  'x'.repeat(255),
];

describe.each(ENGINES)('properties beyond those of the rules on %s', (engine) => {
  it.each(['newest', 'diablo'])('are read where they are asked for, and disturb nothing (%s)', async (era) => {
    const { database } = await eraDatabase(engine, era);
    const opened = await look(database);
    const plain = await collectImages(database, opened);
    const { id } = byName(plain, 'raw/bare').image;
    const no = database.dialect.name === 'postgres' ? 'FALSE' : '0';
    // Columns of utf8mb3 and latin1 cannot hold every name; asking for one must not fail there.
    const charset = opened.schema.properties.columns.find(({ name }) => name === 'name')?.charset ?? null;
    const held = NAMES.filter((name) => propertyNamesFor(charset, [name]).has(name));
    const lacking = { utf8mb3: 1, latin1: 2 }[charset ?? ''] ?? 0;
    expect(held).toHaveLength(NAMES.length - lacking);
    for (const [i, name] of held.entries()) {
      await database.execute(
        `INSERT INTO image_properties (image_id, name, value, created_at, deleted) VALUES (?, ?, ?, '2020-01-01 00:00:00', ${no})`,
        [opened.schema.keyKind === 'integer' ? Number(id) : id, name, `value ${i}`],
      );
    }
    expect(await collectImages(database, opened)).toEqual(plain);

    const schema = await introspectGlance(database, { alsoProperties: [...NAMES, 'os_type', 'nobody has it'] });
    expect(schema.propertyNames.size).toBe(EVIDENCE_PROPERTIES.length + held.length + 1);
    const references = await readReferences(database, schema);
    const images: ImageEvidence[] = [];
    for await (const page of readPages(database, schema, references, pagesOf(10))) {
      images.push(...page.evidence);
    }
    const found = byName(images, 'raw/bare');
    for (const [i, name] of held.entries()) expect(found.properties.get(name), name).toBe(`value ${i}`);
    expect(await readImages(database, schema, references, [id])).toEqual([found]);

    // Same decisions, and the same shared objects: no free text gets into what they are remembered by. A decision that
    // names other images is made for its own image.
    const decide = createDecider(table, predict);
    for (const [i, image] of images.entries()) {
      const before = plain[i];
      if (before === undefined) throw new Error('fewer images than before');
      const refers = [image.kernel, image.ramdisk].some(({ kind }) => kind !== 'absent') || image.referencedBy !== null;
      if (refers) expect(decide(image)).toEqual(decide(before));
      else expect(decide(image)).toBe(decide(before));
      const names = [...before.properties.keys(), ...(image === found ? held : [])];
      expect([...image.properties.keys()].toSorted()).toEqual([...new Set(names)].toSorted());
    }
  });

  it('are taken live alone', async () => {
    const { database } = await eraDatabase(engine, 'newest');
    const [row] = await database.query("SELECT id FROM images WHERE name = 'raw/bare'");
    const yes = database.dialect.name === 'postgres' ? 'TRUE' : '1';
    await database.execute(
      `INSERT INTO image_properties (image_id, name, value, created_at, deleted) VALUES (?, 'site_role', 'x', '2020-01-01 00:00:00', ${yes})`,
      [String(row?.['id'])],
    );
    const schema = await introspectGlance(database, { alsoProperties: ['site_role'] });
    const references = await readReferences(database, schema);
    const [image] = await readImages(database, schema, references, [String(row?.['id'])]);
    expect(image?.properties.has('site_role')).toBe(false);
    expect(image?.lostProperties.has('site_role')).toBe(false);
  });
});
