import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import {
  columnList,
  DEFAULT_COLUMN_NAMES,
  insertMissingMeta,
  isMetaAltered,
  type JournalMeta,
  readMeta,
  sameTarget,
  setMetaState,
  writePulse,
} from '../../src/journal/meta.ts';
import { memoryJournal } from '../support/memory-database.ts';

const META: JournalMeta = {
  state: 'expanding',
  target: { kind: 'columns', names: DEFAULT_COLUMN_NAMES },
  toolVersion: '0.1.0',
  createdAt: '2026-01-01T00:00:00Z',
};

describe('retype_meta', () => {
  it('is written once, and its state changes without being an alteration', async () => {
    const journal = await memoryJournal();
    expect(await readMeta(journal)).toBeNull();
    await insertMissingMeta(journal as Database, META);
    await insertMissingMeta(journal as Database, { ...META, target: { kind: 'table' } });
    await setMetaState(journal, 'expanded');
    await writePulse(journal);
    expect(await readMeta(journal)).toEqual({ ...META, state: 'expanded' });
    expect(await journal.query('SELECT pulse FROM retype_meta')).toEqual([{ pulse: 1n }]);
    expect(await isMetaAltered(journal)).toBe(false);
    await journal.execute("UPDATE retype_meta SET column_envelope = 'other'");
    expect(await isMetaAltered(journal)).toBe(true);
  });

  it('of another version or with an unknown state is refused', async () => {
    const journal = await memoryJournal();
    await insertMissingMeta(journal as Database, META);
    await journal.execute("UPDATE retype_meta SET state = 'melting'");
    await expect(readMeta(journal)).rejects.toMatchObject({ code: 'META_UNKNOWN' });
    await journal.execute("UPDATE retype_meta SET state = 'expanded', schema_version = 99");
    await expect(readMeta(journal)).rejects.toMatchObject({ code: 'META_UNKNOWN' });
  });
});

describe('targets', () => {
  it('are the same with the same names in the same order', () => {
    const columns = { kind: 'columns', names: DEFAULT_COLUMN_NAMES } as const;
    const other = { kind: 'columns', names: { ...DEFAULT_COLUMN_NAMES, envelope: 'wrapper' } } as const;
    expect(columnList(DEFAULT_COLUMN_NAMES)).toEqual(['image_type', 'container_type', 'envelope']);
    expect([sameTarget(columns, columns), sameTarget(columns, other)]).toEqual([true, false]);
    expect([sameTarget({ kind: 'table' }, { kind: 'table' }), sameTarget(columns, { kind: 'table' })]).toEqual([
      true,
      false,
    ]);
  });
});
