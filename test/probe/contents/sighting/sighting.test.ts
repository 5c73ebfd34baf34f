import { expect, it } from 'vitest';
import { sighting, bigEndian, bothOrders, littleEndian } from '../../../../src/probe/contents/sighting/sighting.ts';
import { Unreadable } from '../../../../src/probe/reading/reading.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';

it('a sighting has its offset and detail as the first evidence, and further evidence behind it', () => {
  const more = { offset: 9, detail: 'more' };
  expect(sighting('name', 'disk', 'likely', 5, { detail: 'text', more: [more] }).evidence).toEqual([
    { offset: 5, detail: 'name: text' },
    more,
  ]);
  expect(sighting('name', 'disk', 'likely', 5).evidence).toEqual([{ offset: 5, detail: 'name' }]);
});

it('a sighting claims nothing unless it is told to', () => {
  expect(sighting('name', 'kernel', 'weak', 0)).toMatchObject({
    name: 'name',
    meaning: 'kernel',
    confidence: 'weak',
    alsoReadAs: [],
    safety: [],
    claims: null,
    partitions: [],
  });
  expect(sighting('name', 'kernel', 'weak', 0, { claims: 7n, safety: ['TRUNCATED'] })).toMatchObject({
    claims: 7n,
    safety: ['TRUNCATED'],
  });
});

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
