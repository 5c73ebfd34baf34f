import { existsSync, statfsSync } from 'node:fs';

import { LONG_READ_LIMITS } from '../db/transaction/deadlines.ts';
import type { Database } from '../db/database.ts';
import type { Reaction } from '../db/dialect.ts';
import type { GlanceSchema } from '../glance/tables/schema.ts';
import { columnList, type Target } from '../journal/meta.ts';
import { RetypeError } from '../model/error.ts';
import { readOnlyObjections, type Objection } from './preflight.ts';
import { retried, type Retrying } from './context/retried.ts';

/** Collects every objection to writing results, save for privileges. */
export async function writeObjections(
  writer: Database,
  schema: GlanceSchema,
  target: Target,
): Promise<readonly Objection[]> {
  const reactions = target.kind === 'table' ? [] : await writer.dialect.reactionsToUpdate(writer, 'images');
  return [
    ...engineObjections(schema),
    ...(await readOnlyObjections(writer)),
    ...reactions.flatMap((reaction) => reactionObjections(reaction, target)),
    ...(await roomObjections(writer)),
  ];
}

/** Objects to tables that cannot undo a batch, whether results are written to them or decisions depend on them. */
function engineObjections(schema: GlanceSchema): readonly Objection[] {
  return schema.nonTransactionalTables.map(({ table, engine }) => ({
    code: 'TABLE_NOT_TRANSACTIONAL',
    place: `table ${table}`,
    expected: 'ENGINE=InnoDB',
    found: `ENGINE=${engine}`,
    advice: `convert it while Glance is stopped: ALTER TABLE ${table} ENGINE=InnoDB`,
  }));
}

/** Objects to anything that would change `images` unasked; with target table nothing is written there. */
function reactionObjections(reaction: Reaction, target: Target): readonly Objection[] {
  switch (reaction.kind) {
    case 'column':
      return [
        {
          code: 'COLUMN_UPDATES_ITSELF',
          place: `images.${reaction.name}`,
          expected: 'a column that only Glance sets',
          found: 'ON UPDATE CURRENT_TIMESTAMP',
          advice: 'take the clause away with ALTER TABLE images MODIFY, or expand with --target table',
        },
      ];
    case 'trigger': {
      const { name, body, columns } = reaction;
      const results: readonly string[] = target.kind === 'columns' ? columnList(target.names) : [];
      const fires = columns === null || columns.some((column) => results.includes(column));
      if (!fires || !mayWrite(name, body)) return [];
      const unread = 'one whose text cannot be read: it is no SQL, or the account lacks TRIGGER';
      return [firing(`trigger ${name} on images`, body === null ? unread : 'one that writes')];
    }
    case 'rule':
      return [firing(`rule ${reaction.name} on images`, 'a rule ON UPDATE')];
    case 'versioning':
      return [
        {
          code: 'TABLE_VERSIONED',
          place: 'table images',
          expected: 'a table that does not keep its old rows',
          found: 'WITH SYSTEM VERSIONING',
          advice: 'ALTER TABLE images DROP SYSTEM VERSIONING, or expand with --target table',
        },
      ];
  }
}

function firing(place: string, found: string): Objection {
  return {
    code: 'TRIGGER_WRITES',
    place,
    expected: 'nothing that writes when a row is updated',
    found,
    advice: 'drop it while the migration runs and create it again, or expand with --target table',
  };
}

/** Measured on MariaDB 10.11: 10 MB of journal and decisions for 61,000 live images, 162 bytes each. */
const JOURNAL_BYTES = { image: 200, least: 16_777_216 };

/**
 * Estimates the size of the tool's own tables, bytes: an upper bound for clouds whose decisions are as alike as those
 * measured.
 */
export async function journalBytes(writer: Database): Promise<number> {
  const [row] = await writer.query('SELECT COUNT(*) AS n FROM images WHERE NOT deleted', [], LONG_READ_LIMITS);
  return JOURNAL_BYTES.least + JOURNAL_BYTES.image * Number(row?.['n'] ?? 0);
}

/** Objects to a disk without room for the tool's own tables. */
async function roomObjections(writer: Database): Promise<readonly Objection[]> {
  return roomFor(writer, await journalBytes(writer), 'the journal');
}

/**
 * Objects to a full disk. No engine tells how much room is left; where its files are on this machine, the file system
 * does.
 *
 * @param needed bytes.
 * @param what they are for.
 */
export async function roomFor(writer: Database, needed: number, what: string): Promise<readonly Objection[]> {
  const directory = await writer.dialect.dataDirectory(writer);
  const elsewhere = /^(?!127\.0\.0\.1:|localhost:|\[::1\]:).+:\d+\//u.test(writer.label);
  if (directory === null || elsewhere || !existsSync(directory)) return [];
  const { bavail, bsize } = statfsSync(directory);
  if (bavail * bsize >= needed) return [];
  return [
    {
      code: 'DISK_ROOM',
      place: directory,
      expected: `${mebibytes(needed)} free for ${what}`,
      found: `${mebibytes(bavail * bsize)} free`,
      advice: 'make room on that file system, then run the same command again',
    },
  ];
}

/**
 * Finds a trigger that this account cannot see by its effect: sets the result columns of one row to their own values,
 * compares the rest of the row, and rolls back. A trigger that writes elsewhere is not found.
 */
export async function trialObjections(context: Retrying, target: Target): Promise<readonly Objection[]> {
  const { writer } = context;
  if (target.kind === 'table' || !(await isBlind(writer, target))) return [];
  const same = columnList(target.names).map((name) => `${writer.dialect.quote(name)} = ${writer.dialect.quote(name)}`);
  let changed: readonly string[] = [];
  // Thrown to roll the transaction back, whatever was found.
  const takenBack = new RetypeError('TRIGGER_WRITES', [firing('images', 'a trial')]);
  await retried(context, async (trx) => {
    const [before] = await trx.query('SELECT * FROM images ORDER BY id LIMIT 1 FOR UPDATE');
    if (before === undefined) throw takenBack;
    await trx.execute(`UPDATE images SET ${same.join(', ')} WHERE id = ?`, [String(before['id'])]);
    const [after] = await trx.query('SELECT * FROM images WHERE id = ?', [String(before['id'])]);
    changed = Object.keys(before).filter((name) => before[name] !== after?.[name]);
    throw takenBack;
  }).catch((error: unknown) => {
    if (error !== takenBack) throw error;
  });
  if (changed.length === 0) return [];
  const found = `an update of the result columns changes ${changed.join(', ')} as well: a trigger that this account cannot see`;
  return [firing('images', found)];
}

async function isBlind(writer: Database, target: Target): Promise<boolean> {
  return (
    target.kind === 'columns' && (await writer.dialect.missingPrivileges(writer, 'images', ['trigger'])).length > 0
  );
}

/** Collects what an operator should know before writing although there is no objection, one sentence each. */
export async function writeRemarks(writer: Database, schema: GlanceSchema, target: Target): Promise<readonly string[]> {
  return [
    `The tool's own tables will take up to about ${mebibytes(await journalBytes(writer))} on the server.`,
    ...((await isBlind(writer, target))
      ? [
          'This account may not see the triggers of images (no TRIGGER privilege); whether one writes is tried out before the first batch.',
        ]
      : []),
    ...(schema.triggers.length > 0 ? [`Triggers on images, found harmless: ${schema.triggers.join(', ')}.`] : []),
  ];
}

export function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_048_576).toLocaleString('en')} MiB`;
}

/** Statements that write, or that run code nobody has looked at. */
const WRITING =
  /^(?:insert|update|delete|merge|truncate|call|perform|execute|copy|load|prepare|replace\s+(?:into|low_priority|delayed)|with)\b/u;

/** Assignments to the new row: MySQL's SET, PL/pgSQL's own form, and SELECT … INTO. */
const ASSIGNING = /^set\b.*\bnew\s*\.|^new\b(?:\s*\.\s*\w+)?\s*:?=|^select\b.*\binto\s+(?:strict\s+)?new\b/su;

/**
 * What the trigger of the Ocata upgrade sets, each where the other one changed (MySQL, between its expand and its
 * contract).
 */
const OCATA = {
  name: 'update_visibility',
  sets: /^set\s+new\s*\.\s*(?:visibility|is_public)\s*=(?!.*,\s*new\s*\.\s*\w+\s*=)/su,
};

/**
 * Whether a trigger on `images` may write when another column is updated; pure. Every word counts that may begin a
 * writing statement. Functions called in expressions are not looked into.
 *
 * @param body null where it is not SQL: then nothing can be said.
 */
export function mayWrite(name: string, body: string | null): boolean {
  if (body === null) return true;
  const writing = statementsOf(body).filter((statement) => WRITING.test(statement) || ASSIGNING.test(statement));
  return name === OCATA.name ? writing.some((statement) => !OCATA.sets.test(statement)) : writing.length > 0;
}

/** Cuts the body where statements begin, in lower case, without comments and the contents of texts. */
function statementsOf(body: string): readonly string[] {
  const bare = body
    .replaceAll(/'(?:[^'\\]|''|\\.)*'/gu, "''")
    .replaceAll(/--[^\n]*|#[^\n]*|\/\*.*?\*\//gsu, ' ')
    .replaceAll(/["`]/gu, '')
    .toLowerCase();
  return bare.split(/;|\b(?:begin|then|else|loop|do|declare)\b/u).map((statement) => statement.trim());
}
