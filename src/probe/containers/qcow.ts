import type { ContainerFormat } from './format/container.ts';
import type { FileHead } from '../reading/file-head.ts';
import type { Fields } from '../reading/fields.ts';
import type { Reading } from '../reading/reading.ts';
import { keepsRules, MOST_VIRTUAL, pastEnd, type HeaderRule } from './format/header-rules.ts';
import type { Observations } from './format/observations.ts';
import { closed, mappedGuest, openingWith, type Inspected } from './format/opening.ts';
import { qcowMap } from './qcow-map.ts';
import { inspectName, LONGEST_NAME } from './format/remote-name.ts';

/** Header of qcow version 1, big-endian, 48 bytes (QEMU block/qcow.c, QCowHeader). */
interface QcowHeader {
  readonly backingOffset: bigint;
  readonly backingLength: number;
  readonly virtualSize: bigint;
  readonly clusterBits: number;
  /** Entries of an L2 table, as a power of two. */
  readonly l2Bits: number;
  /** 0 none, 1 AES. */
  readonly encryption: number;
  readonly l1Offset: bigint;
}

const HEADER_LENGTH = 48n;
/** Bytes of the largest L1 table that QEMU opens (block/qcow.c, INT_MAX). */
const MOST_L1 = 2n ** 31n - 1n;

/** qcow version 1. Inspectors that only look at the magic call it qcow2. */
export const QCOW: ContainerFormat = {
  containerType: 'qcow',
  recognise: ({ head }) =>
    head.is(0, 'QFI\u00fb\0\0\0\u0001') ? { offset: 0, detail: 'qcow magic, version 1' } : null,
  open: openingWith('qcow', inspect),
};

function* inspect(file: FileHead, notes: Observations): Reading<Inspected> {
  const header = qcowHeaderOf(file.head);
  if (header.backingOffset !== 0n) {
    notes.warn('BACKING_FILE', 8, 'name of a backing file');
    yield* inspectName(header.backingOffset, header.backingLength, notes);
  }
  if (header.encryption !== 0) notes.warn('ENCRYPTED_CONTENT', 36, `encryption method ${header.encryption}`);
  if (!keepsRules(header, file.size, GEOMETRY_RULES, notes) || !keepsRules(header, file.size, TABLE_RULES, notes)) {
    return closed(null, 'malformed header');
  }
  const virtualSize = Number(header.virtualSize);
  if (header.encryption !== 0) return closed(virtualSize, 'encrypted');
  const map = qcowMap({
    virtualSize,
    clusterBits: header.clusterBits,
    perTable: 2 ** header.l2Bits,
    l1Offset: Number(header.l1Offset),
    unallocated: { kind: header.backingOffset === 0n ? 'zeros' : 'elsewhere' },
  });
  return { virtualSize, sectorSize: 512, guest: yield* mappedGuest(map, file, notes, 'sound') };
}

function qcowHeaderOf(head: Fields): QcowHeader {
  return {
    backingOffset: head.u64be(8),
    backingLength: head.u32be(16),
    virtualSize: head.u64be(24),
    clusterBits: head.u8(32),
    l2Bits: head.u8(33),
    encryption: head.u32be(36),
    l1Offset: head.u64be(40),
  };
}

const GEOMETRY_RULES: readonly HeaderRule<QcowHeader>[] = [
  {
    at: 24,
    code: 'MALFORMED_HEADER',
    broken: ({ virtualSize }) => virtualSize < 2n || virtualSize > MOST_VIRTUAL,
    why: 'virtual size below 2 or beyond 2^53 bytes',
  },
  {
    at: 32,
    code: 'MALFORMED_HEADER',
    broken: ({ clusterBits }) => clusterBits < 9 || clusterBits > 16,
    why: 'cluster size outside 512 bytes to 64 KiB',
  },
  {
    at: 33,
    code: 'MALFORMED_HEADER',
    broken: ({ l2Bits }) => l2Bits < 6 || l2Bits > 13,
    why: 'L2 tables outside 64 to 8192 entries',
  },
];

/** Bytes of the L1 table: an entry for as many guest bytes as an L2 table maps. */
function l1Length({ virtualSize, clusterBits, l2Bits }: QcowHeader): bigint {
  const perEntry = 2n ** BigInt(clusterBits + l2Bits);
  return ((virtualSize + perEntry - 1n) / perEntry) * 8n;
}

const TABLE_RULES: readonly HeaderRule<QcowHeader>[] = [
  {
    at: 8,
    code: 'MALFORMED_HEADER',
    broken: ({ backingOffset, backingLength }) =>
      backingOffset !== 0n && (backingOffset < HEADER_LENGTH || backingLength > LONGEST_NAME),
    why: 'backing file name over the header or too long',
  },
  { at: 36, code: 'MALFORMED_HEADER', broken: ({ encryption }) => encryption > 1, why: 'unknown encryption method' },
  {
    at: 24,
    code: 'OVERSIZED_TABLE',
    broken: (header) => l1Length(header) > MOST_L1,
    why: 'L1 table beyond 2 GiB',
  },
  {
    at: 40,
    code: 'TABLE_OUT_OF_BOUNDS',
    broken: (header, size) => header.l1Offset < HEADER_LENGTH || pastEnd(header.l1Offset, l1Length(header), size),
    why: 'L1 table over the header or past the end of the file',
  },
];
