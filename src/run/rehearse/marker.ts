import type { Database } from '../../db/database.ts';
import type { ScratchPlace } from '../../db/engines/scratch.ts';
import { RetypeError } from '../../model/error.ts';

/** The table by which a rehearsal recognises what an earlier one left behind. */
export const MARKER_TABLE = 'retype_rehearsal';

/** Who rehearses, as the next rehearsal reads it. */
export interface Rehearser {
  readonly host: string;
  /** As the lease has it; `isGone` knows whether it still runs. */
  readonly process: string;
  readonly toolVersion: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
}

/** Puts the marker into an empty scratch schema, before anything else. */
export async function mark(scratch: Database, who: Rehearser): Promise<void> {
  const statements = scratch.dialect.createTable(MARKER_TABLE, (table) => {
    table.integer('id').primary();
    for (const name of ['host', 'process', 'tool_version', 'started_at']) table.string(name, 255).notNullable();
  });
  for (const statement of statements) await scratch.execute(statement);
  await scratch.execute((knex) =>
    knex(MARKER_TABLE).insert({
      id: 1,
      host: who.host.slice(0, 255),
      process: who.process,
      tool_version: who.toolVersion,
      started_at: who.startedAt,
    }),
  );
}

/**
 * Refuses a scratch schema that holds anything.
 * @param isGone whether the process of an earlier rehearsal has certainly ended.
 * @throws RetypeError SCRATCH_NOT_EMPTY.
 */
export async function requireEmpty(
  scratch: Database,
  place: ScratchPlace,
  isGone: (host: string, process: string) => boolean,
): Promise<void> {
  const contents = await scratch.dialect.copying.contents(scratch);
  if (contents.length === 0) return;
  const earlier = contents.includes(`table ${MARKER_TABLE}`) ? await readMarker(scratch) : null;
  const some = `${contents.slice(0, 3).join(', ')}${contents.length > 3 ? ` and ${contents.length - 3} more` : ''}`;
  throw new RetypeError('SCRATCH_NOT_EMPTY', {
    place: place.text,
    expected: 'an empty schema, or a name that is not taken: everything in it is dropped at the end',
    found: earlier === null ? some : leftBy(earlier, isGone),
    advice:
      earlier === null
        ? 'choose another name with --scratch'
        : `once nobody rehearses there any more, drop it: ${place.dropText}`,
  });
}

async function readMarker(scratch: Database): Promise<Rehearser | null> {
  const [row] = await scratch.query((knex) => knex(MARKER_TABLE).where({ id: 1 }));
  if (row === undefined) return null;
  return {
    host: String(row['host']),
    process: String(row['process']),
    toolVersion: String(row['tool_version']),
    startedAt: String(row['started_at']),
  };
}

function leftBy({ host, process, startedAt }: Rehearser, isGone: (host: string, process: string) => boolean): string {
  const number = process.split('/')[2] ?? 'unknown';
  const who = `a rehearsal that process ${number} on ${host} began at ${startedAt}`;
  return isGone(host, process) ? `the rest of ${who} and did not end` : `${who}; it may still be at work`;
}
