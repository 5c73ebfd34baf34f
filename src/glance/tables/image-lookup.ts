import type { Executor } from '../../db/database.ts';
import { RetypeError } from '../../model/error.ts';
import { flag, keyText } from './driver-value.ts';
import { comparable, keyLists } from './keys.ts';
import { type GlanceSchema } from './schema.ts';

/** What a reference needs to know of a row of `images`. */
export interface FoundImage {
  readonly id: string;
  readonly deleted: boolean;
  readonly diskFormat: string | null;
  readonly containerFormat: string | null;
}

/**
 * Looks up rows by key, soft-deleted ones included. The answer maps every requested id that the database knows to its
 * row; where the database takes `ABC` for `abc`, so does the answer, and nowhere else.
 */
export async function lookUpImages(
  executor: Executor,
  schema: GlanceSchema,
  ids: readonly string[],
): Promise<ReadonlyMap<string, FoundImage>> {
  const byKey = new Map<string, FoundImage>();
  for (const list of keyLists(schema, ids)) {
    const rows = await executor.query(
      `SELECT id, deleted, disk_format, container_format FROM images WHERE id IN ${list.sql}`,
      list.bindings,
    );
    for (const row of rows) {
      const id = keyText(row['id']);
      if (id === null) continue;
      byKey.set(comparable(schema, id), {
        id,
        deleted: flag(row['deleted']),
        diskFormat: typeof row['disk_format'] === 'string' ? row['disk_format'] : null,
        containerFormat: typeof row['container_format'] === 'string' ? row['container_format'] : null,
      });
    }
  }
  const answer = new Map<string, FoundImage>();
  for (const id of ids) {
    const found = byKey.get(comparable(schema, id));
    if (found !== undefined) answer.set(id, found);
  }
  return answer;
}

/** Looks up the owners of rows, as text; ids that no row has are left out. The table has the column. */
export async function lookUpOwners(
  executor: Executor,
  schema: GlanceSchema,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  const owners = new Map<string, string | null>();
  for (const list of keyLists(schema, ids)) {
    for (const row of await executor.query(`SELECT id, owner FROM images WHERE id IN ${list.sql}`, list.bindings)) {
      const id = keyText(row['id']);
      if (id !== null) owners.set(id, typeof row['owner'] === 'string' ? row['owner'] : null);
    }
  }
  return owners;
}

/** The error for an id that the caller was given. */
export function noSuchImage(id: string, schema: GlanceSchema): RetypeError {
  return new RetypeError('NO_SUCH_IMAGE', {
    place: `the image ${JSON.stringify(id.slice(0, 255))}`,
    expected: 'the id of a row of images, soft-deleted or not',
    found: 'no such row',
    advice:
      schema.keyKind === 'integer'
        ? 'ids of this Glance are whole numbers; `glance-retype plan --csv -` lists them with their names'
        : 'give the whole id, not a part of it; `glance-retype plan --csv -` lists ids and names',
  });
}
