import type { LayerFacts } from '../../model/inspection.ts';
import type { Fields } from '../reading/fields.ts';
import { seenAt, type SeenBytes } from './seen-bytes.ts';

export type Signature = NonNullable<LayerFacts['signature']>;

const SIGNATURES: readonly (readonly [signature: Signature, bytes: string])[] = [
  ['qcow2', 'QFI\xfb'],
  ['qed', 'QED\0'],
  ['vhd', 'conectix'],
  ['vhdx', 'vhdxfile'],
  ['vmdk', 'KDMV'],
  ['luks', 'LUKS\xba\xbe'],
  ['zstd', '\x28\xb5\x2f\xfd'],
];

/** The signature at byte 0, whatever follows it. */
export function signatureOf(sector: Fields): Signature {
  return SIGNATURES.find(([, bytes]) => sector.is(0, bytes))?.[0] ?? 'none';
}

export function hasVdiSignature(sector: Fields): boolean {
  return sector.is(64, [0x7f, 0x10, 0xda, 0xbe]);
}

/** Place of the standard identifier of the first volume descriptor (ECMA-119, 8.1.2; ECMA-167, part 2, 9.1.2). */
const DESCRIPTOR = 32_769;
const IDENTIFIERS = ['CD001', 'NSR02', 'NSR03'] as const;

/** The identifier at byte 32,769; null where it was not seen. */
export function discSignatureOf(seen: SeenBytes): NonNullable<LayerFacts['iso-signature']> | null {
  const place = seenAt(seen, DESCRIPTOR, 5);
  return place === null ? null : (IDENTIFIERS.find((identifier) => place.is(0, identifier)) ?? 'none');
}
