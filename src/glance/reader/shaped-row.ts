import type { ColumnInfo, Dialect, TableInfo } from '../../db/dialect.ts';
import type { RowShape, ImageRecord } from '../../model/image.ts';
import { MEDIUM_UP_TO, type SizeClass, SMALL_UP_TO } from '../../model/size-class.ts';
import { type GlanceSchema } from '../tables/schema.ts';
import { ownText } from '../../model/own-text.ts';
import type { DecisiveRows } from './decisive-rows.ts';

const SIZES: readonly SizeClass[] = ['empty', 'small', 'medium', 'large'];

/** Column types whose values read the same inside a longer text; CHAR does not: it is padded. */
const TEXT_TYPE = /^(?:varchar|character varying|(?:tiny|medium|long)?text)\b/i;
const INTEGER_TYPE = /^(?:(?:tiny|small|medium|big)?int(?:eger)?|bool(?:ean)?)\b/i;

const WORDS = ['status', 'disk_format', 'container_format'] as const;

/**
 * SQL of one text for everything in a row that a decision may depend on, save for its name. A few hundred texts
 * represent millions of rows, so a row costs one lookup instead of reading six values (measured on MariaDB: half the
 * time of this program; on SQLite, `plan` of 100,000 images without it takes 1.11 times the CPU time, seven alternating
 * rounds, 2026-11-30).
 *
 * `6,active,0,3,raw,/,4,bare,/,3,1`: words preceded by their lengths in characters (an absent word is left out with its
 * length), then the class of the size and whether a minimal disk is asked for. `concat_ws` omits NULL. NULL for a row
 * with a value of a type that Glance does not declare.
 *
 * @param alias of `images`.
 * @returns null where the columns were declared in another way: then rows are read column by column.
 */
export function shapeColumn(
  dialect: Dialect,
  images: TableInfo,
  optionalColumns: GlanceSchema['optionalColumns'],
  alias: string,
): string | null {
  const numbers = ['deleted', 'size', ...(optionalColumns.has('min_disk') ? ['min_disk'] : [])];
  const found = new Map(images.columns.map((column) => [column.name, column]));
  const [status, ...others] = WORDS.map((name) => found.get(name));
  const readable =
    status !== undefined &&
    TEXT_TYPE.test(status.type) &&
    others.every((word) => word !== undefined && sameText(word, status)) &&
    numbers.every((name) => INTEGER_TYPE.test(found.get(name)?.type ?? ''));
  if (!readable) return null;
  const word = (column: string): string => `${dialect.characters(`${alias}.${column}`)}, ${alias}.${column}`;
  const size = `CASE WHEN ${alias}.size <= 0 OR ${alias}.size IS NULL THEN 0 WHEN ${alias}.size <= ${SMALL_UP_TO} THEN 1 WHEN ${alias}.size <= ${MEDIUM_UP_TO} THEN 2 ELSE 3 END`;
  const minDisk = optionalColumns.has('min_disk') ? `CASE WHEN ${alias}.min_disk > 0 THEN 1 ELSE 0 END` : '0';
  const parts = [word('status'), `${alias}.deleted`, word('disk_format'), "'/'", word('container_format'), "'/'"];
  const text = `CONCAT_WS(',', ${[...parts, size, minDisk].join(', ')})`;
  const tests = [
    ...WORDS.map((name) => dialect.isOfType(`${alias}.${name}`, 'text')),
    ...numbers.map((name) => dialect.isOfType(`${alias}.${name}`, 'integer')),
  ].filter((test) => test !== null);
  return tests.length === 0 ? text : `CASE WHEN ${tests.join(' AND ')} THEN ${text} END`;
}

/**
 * Whether columns can be joined into one text: with different character sets or collations the result differs from each
 * by itself, or is refused.
 */
function sameText(one: ColumnInfo, other: ColumnInfo): boolean {
  return one.charset === other.charset && one.collation === other.collation && TEXT_TYPE.test(one.type);
}

/**
 * Parses the text of `shapeColumn`. @returns null for a text that the column cannot have made: a status that is NULL,
 * or lengths that do not fit.
 */
export function parseShape(text: string): RowShape | null {
  // Lengths count characters, and a character may be two units of a JavaScript string.
  const characters = Array.from(text);
  let at = 0;
  const until = (end: string): string => {
    const from = at;
    while (at < characters.length && characters[at] !== end) at += 1;
    at += 1;
    return characters.slice(from, at - 1).join('');
  };
  const word = (): string | null => {
    const length = until(',');
    if (!/^\d{1,9}$/.test(length)) return null;
    const found = characters.slice(at, at + Number(length)).join('');
    at += Number(length) + 1;
    return characters[at - 1] === ',' ? found : null;
  };
  const optionalWord = (): { readonly word: string | null } | null => {
    if (characters[at] === '/' && characters[at + 1] === ',') {
      at += 2;
      return { word: null };
    }
    const found = word();
    if (found === null || characters[at] !== '/' || characters[at + 1] !== ',') return null;
    at += 2;
    return { word: found };
  };
  const status = word();
  const deleted = until(',');
  const disk = status === null ? null : optionalWord();
  const container = disk === null ? null : optionalWord();
  const rest = /^([0-3]),([01])$/.exec(characters.slice(at).join(''));
  const size = SIZES[Number(rest?.[1])];
  const isDeleted = truth(deleted);
  if (status === null || isDeleted === null || disk === null || container === null || size === undefined) return null;
  return {
    text,
    status,
    deleted: isDeleted,
    diskFormat: disk.word,
    containerFormat: container.word,
    size,
    minDisk: rest?.[2] === '1' ? 'some' : 'none',
  };
}

/** Reads a truth value as each engine writes it: `t` or `f` (postgres), or a number. null for anything else. */
function truth(text: string): boolean | null {
  if (text === 't' || text === 'f') return text === 't';
  return /^-?\d+$/.test(text) ? Number(text) !== 0 : null;
}

/** A row of which only the key, the name and the shape were read: what decisions depend on. */
export class ShapedRecord implements ImageRecord {
  readonly id: string;
  readonly name: string | null;
  readonly shape: RowShape;

  constructor(id: string, name: string | null, shape: RowShape) {
    this.id = id;
    this.name = name;
    this.shape = shape;
  }

  get status(): string {
    return this.shape.status;
  }
  get deleted(): boolean {
    return this.shape.deleted;
  }
  get diskFormat(): string | null {
    return this.shape.diskFormat;
  }
  get containerFormat(): string | null {
    return this.shape.containerFormat;
  }
  get owner(): never {
    return notRead('owner');
  }
  get size(): never {
    return notRead('size');
  }
  get minDisk(): never {
    return notRead('min_disk');
  }
}

/** A caller that shows these must read all columns; null would be a lie in a report. */
function notRead(column: string): never {
  throw new Error(`images.${column} was not read`);
}

/** Reads rows by their shapes. @returns null where a row must be read column by column: no Glance wrote its shape. */
export function shapedRecords({ ids, names, shapes }: DecisiveRows, known: RowShapes): readonly ShapedRecord[] | null {
  const records: ShapedRecord[] = [];
  for (let index = 0; index < ids.length; index += 1) {
    const shape = known.of(shapes[index] ?? '');
    if (shape === null) return null;
    records.push(new ShapedRecord(ids[index] ?? '', names[index] ?? null, shape));
  }
  return records;
}

/** Shapes kept; a deployment has some hundred. */
const KEPT = 10_000;

/**
 * Parses each shape once. All rows with the same text share one object. Without it, `plan` of 100,000 images on SQLite
 * takes 1.15 times the CPU time (seven alternating rounds, 2026-11-30).
 */
export class RowShapes {
  readonly #known = new Map<string, RowShape>();

  /** null for a text that is not a shape. */
  of(text: string): RowShape | null {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const shape = parseShape(text);
    if (shape === null) return null;
    if (this.#known.size >= KEPT) this.#known.clear();
    this.#known.set(ownText(text), shape);
    return shape;
  }
}
