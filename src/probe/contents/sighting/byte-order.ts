import type { Fields } from '../../reading/fields.ts';

/** Reads fields of a structure in the byte order of the machine that wrote it. */
export interface OrderedFields {
  readonly u16: (offset: number) => number;
  readonly u32: (offset: number) => number;
  readonly u64: (offset: number) => bigint;
}

export function littleEndian(bytes: Fields): OrderedFields {
  return {
    u16: (offset) => bytes.u16le(offset),
    u32: (offset) => bytes.u32le(offset),
    u64: (offset) => bytes.u64le(offset),
  };
}

export function bigEndian(bytes: Fields): OrderedFields {
  return {
    u16: (offset) => bytes.u16be(offset),
    u32: (offset) => bytes.u32be(offset),
    u64: (offset) => bytes.u64be(offset),
  };
}

export function bothOrders(bytes: Fields): readonly [OrderedFields, OrderedFields] {
  return [littleEndian(bytes), bigEndian(bytes)];
}
