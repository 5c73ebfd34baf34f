import { expect, it } from 'vitest';
import { bigEndian, bothOrders, littleEndian } from '../../../../src/probe/contents/sighting/byte-order.ts';
import { Unreadable } from '../../../../src/probe/reading/reading.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';

const bytes = fieldsOf(Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8));

it('reads fields of 16, 32 and 64 bits in the order asked for', () => {
  const [little, big] = bothOrders(bytes);
  expect([little.u16(1), big.u16(1)]).toEqual([0x0201, 0x0102]);
  expect([little.u32(1), big.u32(1)]).toEqual([0x04030201, 0x01020304]);
  expect([little.u64(1), big.u64(1)]).toEqual([0x0807060504030201n, 0x0102030405060708n]);
});

it('throws where a field ends behind the bytes', () => {
  expect(() => littleEndian(bytes).u32(6)).toThrow(Unreadable);
  expect(() => bigEndian(bytes).u64(2)).toThrow(Unreadable);
});
