import { describe, expect, it } from 'vitest';

import { loadCloud } from '../../../scripts/fixtures/cloud.ts';
import { runStatements } from '../../../scripts/fixtures/eras/create-era.ts';
import { newestSchema } from '../../../scripts/fixtures/eras/eras.ts';
import { commandStarter } from '../../../src/commands/rehearse/start-command.ts';
import type { Database } from '../../../src/db/database.ts';
import type { StartCommand } from '../../../src/run/rehearse/program.ts';
import { differencesIn, rehearse, type Rehearsal } from '../../../src/run/rehearse/rehearse.ts';
import { CLI } from '../../support/program/run-cli.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../../support/servers/engines.ts';

/** Somebody who spoils a rehearsal. */
interface Spoiler {
  /** Changes a statement that inserts copied rows. */
  readonly insert?: (statement: string) => string;
  /** Is called when a command is about to start, or has ended. */
  readonly around?: (scratch: Database, command: string, when: 'before' | 'after') => Promise<void>;
}

async function spoiled(engine: EngineName, { insert, around }: Spoiler, kills = 0): Promise<Rehearsal> {
  const [from, to] = [await withFreshDatabase(engine), await withFreshDatabase(engine)];
  const source = await openForTest(from.url);
  await runStatements(source, newestSchema(source.dialect.name));
  await loadCloud(source, { images: 60, seed: 5 });
  const scratch = await openForTest(to.url);
  const { copying } = scratch.dialect;
  const send: typeof copying.send = async (trx, statement, limits) =>
    copying.send(trx, insert === undefined ? statement : insert(statement), limits);
  const dialect = { ...scratch.dialect, copying: { ...copying, send } };
  const spoiledScratch = new Proxy(scratch, {
    get: (target, key): unknown => {
      if (key === 'dialect') return dialect;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  const real = commandStarter(CLI, { GLANCE_RETYPE_DATABASE_URL: to.url }, () => {});
  const start: StartCommand = (words) => {
    const [command = ''] = words;
    if (around === undefined) return real(words);
    const began = performance.now();
    const begun = around(scratch, command, 'before').then(() => real(words));
    const end = begun.then(async (running) => {
      const result = await running.end;
      await around(scratch, command, 'after');
      return result;
    });
    return {
      kill: () => void begun.then((running) => running.kill()),
      stop: () => {},
      elapsed: () => performance.now() - began,
      end,
    };
  };
  return rehearse({
    reader: await openForTest(from.url, 'read-only'),
    scratch: spoiledScratch,
    leftOut: [],
    onEvent: () => {},
    stop: { requested: () => false },
    start,
    words: {
      expand: ['expand', '--yes'],
      migrate: ['migrate', '--yes'],
      verify: ['verify'],
      rollback: ['rollback', '--yes'],
    },
    kills,
    seed: 3,
    batchSize: 'ours',
  });
}

function failed({ checks }: Rehearsal): readonly string[] {
  return checks.filter(({ expected, found }) => expected !== found).map(({ name }) => name);
}

describe.each(ENGINES)('rehearse on %s', (engine) => {
  it('finds nothing different where nobody spoils it', async () => {
    const result = await spoiled(engine, {});
    expect([result.end, failed(result), result.differences]).toEqual(['finished', [], 0]);
    expect(result.kills).toEqual([]);
    expect(result.expected?.milliseconds.migrate).toHaveLength(1);
    expect(result.results?.groups.reduce((sum, { images }) => sum + images, 0)).toBeGreaterThan(10);
  });

  it('notices a row that the copy lost', async () => {
    const result = await spoiled(engine, {
      // The last tuple of the statement; the cloud has no text with these two characters side by side.
      insert: (statement) =>
        /^INSERT INTO .images./u.test(statement) ? statement.slice(0, statement.lastIndexOf(',(')) : statement,
    });
    expect(failed(result)).toEqual(['the copy of images']);
  });

  it('notices one byte that the copy changed', async () => {
    const result = await spoiled(engine, {
      insert: (statement) =>
        /^INSERT INTO .images./u.test(statement)
          ? statement
              .replace(
                engine === 'postgres' ? "'qcow2'" : '71636f7732',
                engine === 'postgres' ? "'qcow3'" : '71636f7733',
              )
              .replace('71636F7732', '71636F7733')
          : statement,
    });
    expect(failed(result)).toEqual(['the copy of images']);
  });

  it('notices what rollback leaves changed: a row, and the schema', async () => {
    const row = await spoiled(engine, {
      around: async (scratch, command, when) => {
        if (command !== 'rollback' || when !== 'after') return;
        await scratch.execute(
          "UPDATE images SET name = 'another' WHERE id = (SELECT id FROM (SELECT MIN(id) AS id FROM images) one)",
        );
      },
    });
    expect(failed(row)).toEqual(['the rows of Glance, rolled back after the undisturbed run']);
    const schema = await spoiled(engine, {
      around: async (scratch, command, when) => {
        if (command === 'rollback' && when === 'after')
          await scratch.execute('CREATE INDEX left_behind ON images (size)');
      },
    });
    expect(failed(schema)).toEqual(['the schema of Glance, rolled back after the undisturbed run']);
  });

  it('notices a run with kills that ends in other results', async () => {
    let expands = 0;
    const result = await spoiled(
      engine,
      {
        around: async (scratch, command, when) => {
          if (command !== 'expand' || when !== 'before') return;
          expands += 1;
          if (expands > 1) await scratch.execute("UPDATE images SET disk_format = 'ami' WHERE disk_format = 'qcow2'");
        },
      },
      1,
    );
    expect(failed(result)).toEqual([
      'the results of the run that was killed',
      'the rows of Glance, rolled back after the kills',
    ]);
  });

  it('notices a result that is not what verify expects', async () => {
    const result = await spoiled(engine, {
      around: async (scratch, command, when) => {
        if (command !== 'verify' || when !== 'before') return;
        await scratch.execute("UPDATE images SET image_type = 'kernel' WHERE image_type = 'disk'");
      },
    });
    expect(failed(result)).toContain('verify after the undisturbed run');
    expect(result.differences).toBeGreaterThan(0);
  });

  it('ends where a command cannot do its work', async () => {
    const result = await spoiled(engine, {
      around: async (scratch, command, when) => {
        if (command === 'migrate' && when === 'before') await scratch.execute('DROP TABLE retype_runs');
      },
    });
    expect(result.end).toBe('broken');
    expect(result.broken?.command).toBe('migrate');
    expect(result.broken?.end.code).toBeGreaterThan(0);
    expect(result.expected).toBeNull();
  });
});

describe('differencesIn', () => {
  it('adds up all kinds', () => {
    expect(differencesIn('{"differences":{"changed":2,"missing":3,"altered":0}}')).toBe(5);
    expect(differencesIn('{"differences":{}}')).toBe(0);
  });

  it.each(['{}', '[]', '{"differences":null}', '{"differences":3}', 'null'])('refuses %s', (document) => {
    expect(() => differencesIn(document)).toThrow(TypeError);
  });
});
