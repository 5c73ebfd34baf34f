import type { Database } from '../../../src/db/database.ts';
import { introspectGlance } from '../../../src/glance/introspect.ts';
import { type ImagePage, type PageRequest, readPages } from '../../../src/glance/reader/reader.ts';
import { readReferences, type References } from '../../../src/glance/references/references.ts';
import type { GlanceSchema } from '../../../src/glance/tables/schema.ts';
import type { ImageEvidence } from '../../../src/model/image.ts';
import { createEra } from '../../../scripts/fixtures/eras/create-era.ts';
import { type EraFixture, eraNamed } from '../../../scripts/fixtures/eras/eras.ts';
import { type EngineName, openForTest, withFreshDatabase } from '../../support/servers/engines.ts';

/** A database of one era, opened for writing, and everything read from it once. */
export interface EraDatabase {
  readonly database: Database;
  readonly url: string;
  readonly era: EraFixture;
}

export async function eraDatabase(engine: EngineName, name: string): Promise<EraDatabase> {
  const { url } = await withFreshDatabase(engine);
  const database = await openForTest(url);
  const era = eraNamed(name);
  await createEra(database, era);
  return { database, url, era };
}

export interface Opened {
  readonly schema: GlanceSchema;
  readonly references: References;
}

export async function look(database: Database): Promise<Opened> {
  const schema = await introspectGlance(database);
  return { schema, references: await readReferences(database, schema) };
}

export async function collectPages(
  database: Database,
  { schema, references }: Opened,
  pageSize: number,
  after: string | null = null,
): Promise<readonly ImagePage[]> {
  const pages: ImagePage[] = [];
  for await (const page of readPages(database, schema, references, pagesOf(pageSize, after))) pages.push(page);
  return pages;
}

/** Pages of one size, with their properties read beside them. */
export function pagesOf(pageSize: number, after: string | null = null): PageRequest {
  return {
    range: { after, until: null },
    columns: 'all',
    digest: 'none',
    pageSize: () => pageSize,
    cache: null,
    onRead: () => undefined,
  };
}

export function imagesOf({ evidence }: ImagePage): readonly ImageEvidence[] {
  return [...evidence];
}

export async function collectImages(
  database: Database,
  opened: Opened,
  pageSize = 1_000,
): Promise<readonly ImageEvidence[]> {
  return (await collectPages(database, opened, pageSize)).flatMap(imagesOf);
}

export function byName(images: readonly ImageEvidence[], name: string): ImageEvidence {
  const found = images.find((candidate) => candidate.image.name === name);
  if (found === undefined) throw new Error(`no image is named ${name}`);
  return found;
}
