import { describe, expect, it } from 'vitest';

import { introspectGlance } from '../../src/glance/introspect.ts';
import { readPrePass } from '../../src/glance/pre-pass.ts';
import { readPages } from '../../src/glance/reader/reader.ts';
import { readReferences } from '../../src/glance/references/references.ts';
import type { Database } from '../../src/db/database.ts';
import type { ImageEvidence } from '../../src/model/image.ts';
import { propertyToken } from '../../src/rules/decide/property-token.ts';
import { ERAS } from '../../scripts/fixtures/eras/eras.ts';
import { decide } from '../rules/evidence-builder.ts';
import { ENGINES } from '../support/servers/engines.ts';
import { eraDatabase, pagesOf } from './support/era-database.ts';

async function readAll(database: Database, how: 'cache' | 'pages'): Promise<readonly ImageEvidence[]> {
  const schema = await introspectGlance(database);
  const { references, cache } =
    how === 'cache'
      ? await readPrePass(database, schema, propertyToken)
      : { references: await readReferences(database, schema), cache: null };
  expect(cache === null).toBe(how === 'pages');
  const images: ImageEvidence[] = [];
  for await (const page of readPages(database, schema, references, { ...pagesOf(17), cache }))
    images.push(...page.evidence);
  return images;
}

describe.each(ENGINES)('the pre-pass on %s', (engine) => {
  it.each(ERAS.map(({ name }) => name))(
    'leads to the same decisions as properties read page by page, on %s',
    async (name) => {
      const { database } = await eraDatabase(engine, name);
      const shelved = await readAll(database, 'cache');
      const paged = await readAll(database, 'pages');
      expect(shelved.map(({ image }) => image)).toEqual(paged.map(({ image }) => image));
      expect(shelved.map(({ referencedBy }) => referencedBy)).toEqual(paged.map(({ referencedBy }) => referencedBy));
      expect(shelved.map(({ kernel, ramdisk }) => [kernel, ramdisk])).toEqual(
        paged.map(({ kernel, ramdisk }) => [kernel, ramdisk]),
      );
      expect(shelved.map(decide)).toEqual(paged.map(decide));
    },
  );

  it('reads properties page by page where their texts count', async () => {
    const { database } = await eraDatabase(engine, 'newest');
    const schema = await introspectGlance(database, { alsoProperties: ['os_type'] });
    expect((await readPrePass(database, schema, propertyToken)).cache).toBeNull();
  });

  it('reads properties page by page where there are too many to be held', async () => {
    const { database } = await eraDatabase(engine, 'newest');
    await database.execute(
      'UPDATE image_properties SET id = 2000000000 WHERE id = (SELECT id FROM (SELECT MAX(id) AS id FROM image_properties) m)',
    );
    const schema = await introspectGlance(database);
    const { references, cache } = await readPrePass(database, schema, propertyToken);
    expect(cache).toBeNull();
    expect(references.size).toBe((await readReferences(database, schema)).size);
  });
});
