import * as fc from 'fast-check';
import { describe, it } from 'vitest';

import { emptyGlance, withCopy } from '../support/servers/database-copy.ts';
import { ENGINES, type EngineName } from '../support/servers/engines.ts';
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
        await withCopy(engine, empty, async (opened) =>
          happens(told, {
            writer: await opened('read-write'),
            reader: await opened('read-only'),
            glance: await opened('read-write'),
          }),
        );
      }),
      {
        numRuns: asked === undefined ? STORIES[engine] : Number(asked),
        ...(seed === undefined ? {} : { seed: Number(seed) }),
        ...(path === undefined ? {} : { path }),
      },
    );
  });
});
