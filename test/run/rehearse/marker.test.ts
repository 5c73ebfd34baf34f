import { describe, expect, it } from 'vitest';

import { scratchPlace } from '../../../src/db/engines/scratch.ts';
import { RetypeError } from '../../../src/model/error.ts';
import { mark, MARKER_TABLE, requireEmpty } from '../../../src/run/rehearse/marker.ts';
import { ENGINES, openForTest, withFreshDatabase } from '../../support/servers/engines.ts';

const WHO = { host: 'api1', process: 'boot/7/4242/99', toolVersion: '0.1.0', startedAt: '2026-11-30T18:00:00Z' };

describe.each(ENGINES)('requireEmpty on %s', (engine) => {
  it('takes an empty schema, and refuses a table, a view, and the marker of a rehearsal', async () => {
    const fresh = await withFreshDatabase(engine);
    const scratch = await openForTest(fresh.url);
    const place = scratchPlace(fresh.spec, 'elsewhere');
    const refusal = async (isGone: boolean): Promise<RetypeError> => {
      const error: unknown = await requireEmpty(scratch, place, () => isGone).catch((reason: unknown) => reason);
      if (error instanceof RetypeError) return error;
      throw new Error('nothing was refused');
    };
    await requireEmpty(scratch, place, () => true);

    for (const name of ['a', 'b', 'c', 'd']) await scratch.execute(`CREATE TABLE ${name} (id INTEGER)`);
    expect((await refusal(true)).code).toBe('SCRATCH_NOT_EMPTY');
    expect((await refusal(true)).problems[0].found).toBe('table a, table b, table c and 1 more');
    for (const name of ['a', 'b', 'c', 'd']) await scratch.execute(`DROP TABLE ${name}`);

    await mark(scratch, WHO);
    expect(await scratch.dialect.listTables(scratch)).toEqual([MARKER_TABLE]);
    expect((await refusal(true)).problems[0]).toMatchObject({
      found: 'the rest of a rehearsal that process 4242 on api1 began at 2026-11-30T18:00:00Z and did not end',
      advice: `once nobody rehearses there any more, drop it: ${place.dropText}`,
    });
    expect((await refusal(false)).problems[0].found).toBe(
      'a rehearsal that process 4242 on api1 began at 2026-11-30T18:00:00Z; it may still be at work',
    );
  });
});
