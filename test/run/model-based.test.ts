import * as fc from 'fast-check';
import { describe, it } from 'vitest';

import { runStatements } from '../../scripts/fixtures/eras/create-era.ts';
import { newestSchema } from '../../scripts/fixtures/eras/eras.ts';
import { parseDatabaseUrl } from '../../src/db/connection/url.ts';
import type { AccessMode, Database } from '../../src/db/database.ts';
import { openDatabase } from '../../src/db/engines/open.ts';
import { copyOf, dropCopy } from '../support/servers/database-copy.ts';
import { ENGINES, type EngineName, withFreshDatabase } from '../support/servers/engines.ts';
import { happens } from '../support/cloud/migration-story.ts';
import { story } from '../support/cloud/story.ts';

/** Stories an engine; a server takes a second or two for each. */
const STORIES: Readonly<Record<EngineName, number>> = { sqlite: 60, mariadb: 8, postgres: 8 };

const asked = process.env['GLANCE_RETYPE_MODEL_RUNS'];
/** Repeats what a failure printed; `path` goes on with its shrinking. */
const seed = process.env['GLANCE_RETYPE_MODEL_SEED'];
const path = process.env['GLANCE_RETYPE_MODEL_PATH'];

describe.each(ENGINES)('whatever happens to a small database on %s', { timeout: 3_600_000 }, (engine) => {
  it('every image is decided, written and undone as the reference model says', async () => {
    const empty = await emptyGlance(engine);
    await fc.assert(
      fc.asyncProperty(story, async (told) => {
        const url = await copyOf(engine, empty);
        const open: Database[] = [];
        const opened = async (mode: AccessMode): Promise<Database> => {
          const database = await openDatabase(parseDatabaseUrl(url, 'test'), mode);
          open.push(database);
          return database;
        };
        try {
          await happens(told, {
            writer: await opened('read-write'),
            reader: await opened('read-only'),
            glance: await opened('read-write'),
          });
        } finally {
          for (const database of open) await database.close();
          await dropCopy(engine, url);
        }
      }),
      {
        numRuns: asked === undefined ? STORIES[engine] : Number(asked),
        ...(seed === undefined ? {} : { seed: Number(seed) }),
        ...(path === undefined ? {} : { path }),
      },
    );
  });
});

/** The newest schema without a row. */
async function emptyGlance(engine: EngineName): Promise<string> {
  const { url } = await withFreshDatabase(engine);
  const database = await openDatabase(parseDatabaseUrl(url, 'test'), 'read-write');
  await runStatements(database, newestSchema(database.dialect.name));
  await database.close();
  return url;
}
