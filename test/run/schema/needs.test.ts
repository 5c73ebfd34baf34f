import { describe, expect, it } from 'vitest';
import { DEFAULT_COLUMN_NAMES } from '../../../src/journal/meta.ts';
import {
  dismantleNeeds,
  expandNeeds,
  migrateNeeds,
  needObjections,
  readingNeeds,
  rollbackNeeds,
} from '../../../src/run/schema/needs.ts';
import type { Database } from '../../../src/db/database.ts';
import { memoryDatabase } from '../../support/memory-database.ts';

const COLUMNS = { kind: 'columns', names: DEFAULT_COLUMN_NAMES } as const;

describe('what an account needs', () => {
  it('is to read, for commands that read', () => {
    expect(readingNeeds('glance')).toEqual({ images: ['select'], image_properties: ['select'] });
    expect(Object.values(readingNeeds('glance-and-journal')).flat()).toEqual(
      Array.from({ length: 10 }, () => 'select'),
    );
  });

  it('includes writing to images only where results are columns of it', () => {
    expect([expandNeeds(COLUMNS)['images'], expandNeeds({ kind: 'table' })['images']]).toEqual([
      ['select', 'alter'],
      ['select'],
    ]);
    expect([migrateNeeds(COLUMNS)['images'], migrateNeeds({ kind: 'table' })['images']]).toEqual([
      ['select', 'update'],
      ['select'],
    ]);
    expect(rollbackNeeds({ kind: 'table' })['images']).toEqual(['select']);
  });

  it('is to drop what a plan drops, and to hold the lease until its table goes', () => {
    const plan = { columns: [], views: ['retype_images'], tables: ['retype_lease'], leavesHidden: 'nothing' } as const;
    expect(dismantleNeeds(plan)).toEqual({
      retype_images: ['drop'],
      retype_lease: ['select', 'insert', 'update', 'delete', 'drop'],
    });
    expect(dismantleNeeds({ ...plan, columns: ['image_type'] })['images']).toEqual(['alter']);
  });
});

describe('needObjections', () => {
  it('asks for every privilege of a table once, whatever number of lists has it', async () => {
    const database = memoryDatabase();
    const asked: string[] = [];
    const dialect: Database['dialect'] = {
      ...database.dialect,
      missingPrivileges: async (_, table, privileges) => {
        asked.push(`${table} ${privileges.join()}`);
        return Promise.resolve(privileges.filter((privilege) => privilege === 'drop'));
      },
    };
    const found = await needObjections(
      { ...database, dialect } as Database,
      { a: ['select'], b: ['drop'] },
      { a: ['update'] },
    );
    expect(asked).toEqual(['a select,update', 'b drop']);
    expect(found.map(({ code }) => code)).toEqual(['MISSING_GRANT']);
  });
});
