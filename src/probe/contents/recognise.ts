import type { SafetyCode } from '../../model/safety.ts';
import type { ByteEvidence } from '../../model/verdict.ts';
import type { Content, ContentWindow } from './sighting/content.ts';
import { Unreadable } from '../reading/reading.ts';
import { RECOGNISERS, RIVALS, TIERS, type Tier } from './precedence.ts';
import type { Recogniser, Sighting } from './sighting/sighting.ts';

export { hasGuidPartitionTable } from './partitions/guid-partition-table.ts';
export { hasIsoDescriptor } from './volumes/optical-discs.ts';

interface Ranked {
  readonly tier: Tier;
  readonly sighting: Sighting;
}

/**
 * What the window shows the guest to be. Pure; throws nothing, whatever the bytes. Compressed data and archives are `unknown` here:
 * they are recognised as envelopes.
 */
export function recogniseContent(window: ContentWindow): Content {
  if (isBlank(window.bytes.bytes)) return { kind: 'blank' };
  const seen = sightings(window);
  const winner = winnerOf(seen);
  if (winner === null) return { kind: 'unknown' };
  const rivals = seen.filter((other) => other !== winner && contends(winner, other, window.guestSize));
  const strangers = rivals.filter(({ sighting }) => sighting.meaning !== winner.sighting.meaning);
  if (strangers.length > 0) return contested(winner, strangers);
  const settled = rivals.length === 0 && isDoubtful(winner, seen) ? doubted(winner.sighting) : winner.sighting;
  return contentOf(shared(settled, rivals), window, companions(winner, seen));
}

/**
 * The structures in a window that would stand on their own: no 16-bit magic, no structure with faults, no cipher
 * header. `offset` is where the structure shows itself.
 */
export function standingStructures(window: ContentWindow): readonly ByteEvidence[] {
  return sightings(window)
    .filter(({ sighting }) => sighting.confidence !== 'weak' && sighting.meaning !== 'encrypted')
    .flatMap(({ sighting }) => sighting.evidence.slice(0, 1));
}

/** Zero at the beginning, and every byte the same as the one after it: compared in one go, for many images begin with zeros. */
function isBlank(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && Buffer.compare(bytes.subarray(1), bytes.subarray(0, -1)) === 0;
}

function sightings(window: ContentWindow): readonly Ranked[] {
  return TIERS.flatMap((tier) =>
    RECOGNISERS[tier].flatMap((recognise) => {
      const sighting = attempt(recognise, window);
      return sighting === null ? [] : [{ tier, sighting }];
    }),
  );
}

/** A window that ends before a field is a window in which the format was not found. */
function attempt(recognise: Recogniser, window: ContentWindow): Sighting | null {
  try {
    return recognise(window);
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

/**
 * The first by precedence; but a boot sector whose allocation table is gone is a remainder in the boot code of a disk, and yields to the
 * partition table.
 */
function winnerOf(seen: readonly Ranked[]): Ranked | null {
  const [first] = seen;
  if (first === undefined) return null;
  if (first.tier !== 'boot-sector' || first.sighting.confidence !== 'weak') return first;
  return seen.find(({ tier }) => tier === 'mbr') ?? first;
}

/** Names that accompany an optical disc and do not contend with it. */
const BRIDGES: ReadonlySet<string> = new Set(['UDF', 'HFS+', 'HFSX']);

/** What may lie over the entries of a GPT. */
const OVERWRITERS: ReadonlySet<Tier> = new Set(['whole-volume', 'boot-sector', 'superblock']);

function contends({ tier, sighting }: Ranked, other: Ranked, guestSize: number | null): boolean {
  // Entries that do not add up, or were not seen, leave room for what was made after the table or before it.
  if (sighting.name === 'GPT' && sighting.confidence === 'likely') return OVERWRITERS.has(other.tier);
  if (tier === 'file' && other.tier === 'mbr' && isWhole(sighting, guestSize)) return false;
  if (tier === 'optical' && TABLES.has(other.tier)) return isElsewhere(sighting, other.sighting);
  if (tier === 'label' && other.tier === 'superblock') return !isInside(other.sighting, sighting, guestSize);
  if (tier === 'optical' && BRIDGES.has(other.sighting.name)) return false;
  // A volume manager's label says that whatever else is there is old; a swap signature says no such thing.
  if (sighting.name === 'Linux swap' && (other.tier === 'superblock' || other.tier === 'boot-sector')) return true;
  // The checksum of exFAT covers the partition table as well, so its entries were always there.
  if (sighting.name === 'exFAT' && sighting.confidence === 'certain' && other.tier === 'mbr') return false;
  return RIVALS[tier].includes(other.tier);
}

/** Tables of partitions, which an optical disc may carry. */
const TABLES: ReadonlySet<Tier> = new Set(['gpt', 'label', 'mbr']);

/** A hybrid disc is padded to a cylinder of 255 heads and 63 sectors at the most, and its partition with it. */
const DISC_PADDING = 8n * 1024n * 1024n;

/**
 * Whether no partition of the table has to do with the disc. One of a hybrid disc covers it from its beginning, or lies
 * inside; that others follow behind it is usual (`xorriso -append_partition`).
 */
function isElsewhere({ claims }: Sighting, { partitions }: Sighting): boolean {
  if (claims === null || partitions.length === 0) return false;
  return !partitions.some(({ start, end }) => start === 0n || (start < claims && end <= claims + DISC_PADDING));
}

/** Blocks of a filesystem that do not fit at the end of an image are left over. */
const REMAINDER = 65_536n;

/** Whether a partition from sector 0 on is the place of the superblock's volume, and not the whole of the image. */
function isInside(superblock: Sighting, { partitions }: Sighting, guestSize: number | null): boolean {
  const { claims, confidence } = superblock;
  if (claims === null || confidence === 'weak') return true;
  if (isWhole(superblock, guestSize)) return false;
  return partitions.some(({ start, end }) => start === 0n && claims <= end);
}

/** Whether the structure says that it is all of the image, but for a remainder. */
function isWhole({ claims }: Sighting, guestSize: number | null): boolean {
  return claims !== null && guestSize !== null && claims + REMAINDER > BigInt(guestSize);
}

/**
 * Whether something whole stands beside the winner that does not contend: what a GPT left and may be newer than the
 * table, a partition table in the first sector of a kernel.
 */
function isDoubtful(winner: Ranked, seen: readonly Ranked[]): boolean {
  const others = winner.tier === 'gpt' ? OVERWRITERS : winner.tier === 'file' ? TABLES : null;
  return others !== null && seen.some(({ tier, sighting }) => others.has(tier) && sighting.confidence !== 'weak');
}

function doubted(sighting: Sighting): Sighting {
  return sighting.confidence === 'certain' ? { ...sighting, confidence: 'likely' } : sighting;
}

function contested(winner: Ranked, strangers: readonly Ranked[]): Content {
  const all = [winner, ...strangers].map(({ sighting }) => sighting);
  return {
    kind: 'contested',
    evidence: all.flatMap(({ evidence }) => evidence),
    safety: withoutRepeats([...all.flatMap(({ safety }) => safety), 'POLYGLOT']),
  };
}

/** Several structures that mean the same type, one of them a leftover: the type is settled, which of them it is is not. */
function shared(sighting: Sighting, rivals: readonly Ranked[]): Sighting {
  return rivals.length === 0 ? sighting : { ...sighting, confidence: 'weak' };
}

/** Bounds the evidence of what lies beside the winner. */
const MOST_COMPANIONS = 4;

function companions(winner: Ranked, seen: readonly Ranked[]): readonly ByteEvidence[] {
  return seen
    .filter(({ tier }) => tier !== 'last-resort' && tier !== winner.tier)
    .filter(({ sighting }) => !(winner.tier === 'gpt' && sighting.name === 'protective MBR'))
    .flatMap(({ sighting }) => sighting.evidence.slice(0, 1))
    .slice(0, MOST_COMPANIONS)
    .map(({ offset, detail }) => ({ offset, detail: `beside it: ${detail}` }));
}

/** A structure that says the guest is longer than it is cannot be trusted to the last. */
function contentOf(sighting: Sighting, { guestSize }: ContentWindow, beside: readonly ByteEvidence[]): Content {
  const { meaning, alsoReadAs, claims } = sighting;
  const isCut = claims !== null && guestSize !== null && claims > BigInt(guestSize);
  const safety = withoutRepeats(isCut ? [...sighting.safety, 'TRUNCATED'] : sighting.safety);
  const evidence = [...sighting.evidence, ...beside];
  if (meaning === 'encrypted') return { kind: 'encrypted', evidence, safety };
  const confidence = isCut && sighting.confidence === 'certain' ? 'likely' : sighting.confidence;
  return { kind: 'typed', imageType: meaning, confidence, alsoReadAs, evidence, safety };
}

function withoutRepeats(codes: readonly SafetyCode[]): readonly SafetyCode[] {
  return [...new Set(codes)].sort();
}
