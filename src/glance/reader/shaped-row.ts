import type { DriverRow } from '../../db/database.ts';
import type { ImageRecord, RowShape } from '../../model/image.ts';
import { keyText } from '../tables/driver-value.ts';
import type { RowShapes } from './row-shapes.ts';

/** A row of which only what decisions depend on was read: its key, its name, and what it has in common with others. */
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

/** A caller that shows these must ask for all columns; to say null would be a lie in a report. */
function notRead(column: string): never {
  throw new Error(`images.${column} was not read`);
}

/** @returns null where a row has to be looked at column by column: its shape or its name is nothing that Glance writes. */
export function readShapedRows(rows: readonly DriverRow[], shapes: RowShapes): readonly ShapedRecord[] | null {
  const records: ShapedRecord[] = [];
  for (const { id: key, name, shape } of rows) {
    const id = keyText(key);
    if (id === null || typeof shape !== 'string' || (typeof name !== 'string' && name !== null)) return null;
    const read = shapes.of(shape);
    if (read === null) return null;
    records.push(new ShapedRecord(id, name, read));
  }
  return records;
}
