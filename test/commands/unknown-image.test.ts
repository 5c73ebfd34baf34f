import { describe, expect, it } from 'vitest';

import { createEra } from '../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../scripts/fixtures/eras/eras.ts';
import { runCommand } from '../support/program/command.ts';
import { ENGINES, openForTest, withFreshDatabase } from '../support/servers/engines.ts';

describe.each(ENGINES)('an image that is asked for by its id on %s', (engine) => {
  it.each(['newest', 'diablo'])(
    'and is not there, is said so, with exit code 2 and nothing written (%s)',
    async (era) => {
      const fresh = await withFreshDatabase(engine);
      const database = await openForTest(fresh.url);
      await createEra(database, eraNamed(era));
      for (const argv of [
        ['expand', '--yes'],
        ['migrate', '--yes'],
      ])
        expect((await runCommand(fresh.url, ...argv)).code).toBe(0);
      const journal = await database.query('SELECT * FROM retype_journal ORDER BY image_id');
      for (const id of ['no-such-image', '99999999', "x' OR '1'='1"]) {
        for (const argv of [
          ['rollback', '--yes', '--image', id],
          ['explain', id],
        ]) {
          const { code, text } = await runCommand(fresh.url, ...argv);
          expect([argv[0], code, text]).toEqual([argv[0], 2, expect.stringMatching(/^NO_SUCH_IMAGE/u)]);
          expect(text).toContain(JSON.stringify(id));
        }
      }
      expect(await database.query('SELECT * FROM retype_journal ORDER BY image_id')).toEqual(journal);
    },
  );

  it('and has nothing to be rolled back, is said so; one that has is', async () => {
    const fresh = await withFreshDatabase(engine);
    const database = await openForTest(fresh.url);
    await createEra(database, eraNamed('newest'));
    for (const argv of [
      ['expand', '--yes'],
      ['migrate', '--yes'],
    ])
      expect((await runCommand(fresh.url, ...argv)).code).toBe(0);
    const [gone] = await database.query('SELECT id FROM images WHERE deleted ORDER BY id LIMIT 1');
    const nothing = await runCommand(fresh.url, 'rollback', '--yes', '--image', String(gone?.['id']));
    expect([nothing.code, nothing.text]).toEqual([0, expect.stringContaining('nothing to roll back')]);
    const [written] = await database.query('SELECT id FROM images WHERE image_type IS NOT NULL ORDER BY id LIMIT 1');
    const id = String(written?.['id']);
    expect((await runCommand(fresh.url, 'rollback', '--yes', '--image', id)).text).toMatch(/Undone\s+1 images/u);
    expect((await runCommand(fresh.url, 'rollback', '--yes', '--image', id)).text).toContain('nothing to roll back');
  });
});
