import type { Database, DriverRow } from '../db/database.ts';
import { keyText } from './tables/driver-value.ts';
import { comparable, keyLists } from './tables/keys.ts';
import { type GlanceSchema } from './tables/schema.ts';

/** Where the bytes of an image are stored, and the checksums by which Glance knows them. */
export interface ImagePayload {
  /**
   * In the order in which Glance tries them: `file://` and `filesystem://` locations whole, never to be shown; of
   * others only the scheme (`rbd://`). Encrypted ones are left out.
   */
  readonly locations: readonly string[];
  /** MD5, as Glance wrote it; null where there is none. */
  readonly checksum: string | null;
  /** The stronger hash of Rocky and later; null where there is none. */
  readonly hash: { readonly algorithm: string; readonly value: string } | null;
}

/** Reads payloads by image id, as asked for. Images without a row are left out. */
export type PayloadReader = (ids: readonly string[]) => Promise<ReadonlyMap<string, ImagePayload>>;

/**
 * The beginnings of locations in other stores (the schemes of glance_store's drivers). None needs more than the five
 * characters that are read, and the shortest, `s3://`, has exactly these before a key begins.
 */
const OTHER_STORES: readonly (readonly [head: string, scheme: string])[] = [
  ['rbd:/', 'rbd://'],
  ['swift', 'swift://'],
  ['s3://', 's3://'],
  ['s3+ht', 's3://'],
  ['cinde', 'cinder://'],
  ['vsphe', 'vsphere://'],
  ['http:', 'http://'],
  ['https', 'https://'],
  ['sheep', 'sheepdog://'],
  ['gridf', 'gridfs://'],
];

/** The longest path that a kernel opens (limits.h, PATH_MAX). */
const LONGEST_LOCATION = 4_096;

/**
 * Examines the tables once and makes the reader that fits: `image_locations` from Grizzly on (migration 018),
 * `images.location` before (dropped by 020), both where that upgrade stopped between them.
 *
 * Only locations that begin with `file://` or `filesystem://` leave the database whole. All others hold credentials
 * (swift, s3), or are encrypted ([DEFAULT] metadata_encryption_key); only their first five characters are read.
 */
export async function createPayloadReader(database: Database, schema: GlanceSchema): Promise<PayloadReader> {
  const imageColumns = new Set(schema.images.columns.map((column) => column.name));
  const locationColumns = new Set(
    ((await database.dialect.describeTable(database, 'image_locations'))?.columns ?? []).map((column) => column.name),
  );
  const columns = ['location', 'checksum', 'os_hash_algo', 'os_hash_value'].filter((name) => imageColumns.has(name));

  return async (ids) => {
    const rows = new Map<string, DriverRow>();
    const locations = new Map<string, string[]>();
    for (const list of keyLists(schema, ids)) {
      for (const row of await database.query(imageStatement(columns, list.sql), list.bindings)) {
        rows.set(comparable(schema, keyText(row['id']) ?? ''), row);
      }
      if (locationColumns.size === 0) continue;
      for (const row of await database.query(locationStatement(locationColumns, list.sql), list.bindings)) {
        const key = comparable(schema, keyText(row['image_id']) ?? '');
        const location = locationOf(row);
        if (location === null) continue;
        const known = locations.get(key);
        if (known === undefined) locations.set(key, [location]);
        else known.push(location);
      }
    }
    const answer = new Map<string, ImagePayload>();
    for (const id of ids) {
      const key = comparable(schema, id);
      const row = rows.get(key);
      if (row !== undefined) answer.set(id, payloadOf(row, locations.get(key) ?? []));
    }
    return answer;
  };
}

function imageStatement(columns: readonly string[], list: string): string {
  const selected = columns.map((name) => (name === 'location' ? locationParts('location') : name));
  return `SELECT ${['id', ...selected].join(', ')} FROM images WHERE id IN ${list}`;
}

/** Selects live rows: `deleted` in every era, `status` from Icehouse on (migration 033). */
function locationStatement(columns: ReadonlySet<string>, list: string): string {
  const live = columns.has('status') ? "NOT deleted AND status = 'active'" : 'NOT deleted';
  return `SELECT image_id, ${locationParts('value')} FROM image_locations
          WHERE image_id IN ${list} AND ${live} ORDER BY id`;
}

function locationParts(column: string): string {
  const isFile = `(${column} LIKE 'file://%' OR ${column} LIKE 'filesystem://%') AND LENGTH(${column}) <= ${LONGEST_LOCATION}`;
  return `CASE WHEN ${isFile} THEN ${column} END AS file_location, SUBSTR(${column}, 1, 5) AS location_head`;
}

function locationOf(row: DriverRow): string | null {
  const head = row['location_head'];
  return text(row['file_location']) ?? OTHER_STORES.find(([start]) => start === head)?.[1] ?? null;
}

function payloadOf(row: DriverRow, locations: readonly string[]): ImagePayload {
  const own = locationOf(row);
  const algorithm = text(row['os_hash_algo']);
  const value = text(row['os_hash_value']);
  return {
    locations: own === null || locations.includes(own) ? locations : [own, ...locations],
    checksum: text(row['checksum']),
    hash: algorithm === null || value === null ? null : { algorithm, value },
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
