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
 * Recognises the guest by its window. Pure; throws nothing, whatever the bytes are. Compressed data and archives are
 * `unknown`: envelopes recognise them.
 */
export function recogniseContent(window: ContentWindow): Content {
  if (isBlank(window.bytes.bytes)) return { kind: 'blank' };
  const seen = sightings(window);
  const winner = winnerOf(seen);
  if (winner === null) return { kind: 'unknown' };
  const rivals = seen.filter((other) => other !== winner && contends(winner, other, window.guestSize));
  const contradictions = rivals.filter(({ sighting }) => sighting.meaning !== winner.sighting.meaning);
  if (contradictions.length > 0) return contested(winner, contradictions);
  const found = rivals.length === 0 && isDoubtful(winner, seen) ? lessCertain(winner.sighting) : winner.sighting;
  return contentOf(weakenedBy(found, rivals), window, structuresBeside(winner, seen));
}

/**
 * Returns the structures in a window that would each make a verdict alone. It leaves out 16-bit magics, structures with
 * faults and cipher headers. `offset` is where the structure was recognised.
 */
export function convincingStructures(window: ContentWindow): readonly ByteEvidence[] {
  return sightings(window)
    .filter(({ sighting }) => sighting.confidence !== 'weak' && sighting.meaning !== 'encrypted')
    .flatMap(({ sighting }) => sighting.evidence.slice(0, 1));
}

/** Whether all bytes are zero: the first is, and each equals the next. One comparison, because many images begin so. */
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

/** Runs a recogniser. A window that ends before a field does not hold the format. */
function attempt(recognise: Recogniser, window: ContentWindow): Sighting | null {
  try {
    return recognise(window);
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

/**
 * Returns the first sighting by precedence. A boot sector without its allocation table is a remainder in the boot code
 * of a disk, so a partition table takes precedence over it.
 */
function winnerOf(seen: readonly Ranked[]): Ranked | null {
  const [first] = seen;
  if (first === undefined) return null;
  if (first.tier !== 'boot-sector' || first.sighting.confidence !== 'weak') return first;
  return seen.find(({ tier }) => tier === 'mbr') ?? first;
}

/** Formats that may lie on an optical disc beside ISO 9660. */
const BRIDGES: ReadonlySet<string> = new Set(['UDF', 'HFS+', 'HFSX']);

/** Structures that may overwrite the entries of a GPT. */
const OVERWRITERS: ReadonlySet<Tier> = new Set(['whole-volume', 'boot-sector', 'superblock']);

/** Whether another sighting contradicts the winner. */
function contends({ tier, sighting }: Ranked, other: Ranked, guestSize: number | null): boolean {
  // Where the entries are damaged or out of sight, another structure may be newer than the table.
  if (sighting.name === 'GPT' && sighting.confidence === 'likely') return OVERWRITERS.has(other.tier);
  if (tier === 'file' && other.tier === 'mbr' && isWhole(sighting, guestSize)) return false;
  if (tier === 'optical' && TABLES.has(other.tier)) return isElsewhere(sighting, other.sighting);
  if (tier === 'label' && other.tier === 'superblock') return !isInside(other.sighting, sighting, guestSize);
  if (tier === 'optical' && BRIDGES.has(other.sighting.name)) return false;
  // A volume manager's label means that the other structure is old. A swap signature does not.
  if (sighting.name === 'Linux swap' && (other.tier === 'superblock' || other.tier === 'boot-sector')) return true;
  // The checksum of exFAT covers the place of the partition table, so its entries are boot code.
  if (sighting.name === 'exFAT' && sighting.confidence === 'certain' && other.tier === 'mbr') return false;
  return RIVALS[tier].includes(other.tier);
}

/** Tiers of partition tables, which an optical disc may carry. */
const TABLES: ReadonlySet<Tier> = new Set(['gpt', 'label', 'mbr']);

/** A hybrid disc and its partition are padded to a cylinder, at most 255 heads of 63 sectors. */
const DISC_PADDING = 8n * 1024n * 1024n;

/**
 * Whether no partition of the table belongs to the disc. On a hybrid disc one partition begins with the disc or lies
 * inside it; further ones usually follow (`xorriso -append_partition`).
 */
function isElsewhere({ claims }: Sighting, { partitions }: Sighting): boolean {
  if (claims === null || partitions.length === 0) return false;
  return !partitions.some(({ start, end }) => start === 0n || (start < claims && end <= claims + DISC_PADDING));
}

/** Most bytes at the end of an image that a filesystem leaves unused because no whole block fits. */
const REMAINDER = 65_536n;

/** Whether the superblock's volume fits a partition that begins at sector 0, and is not the whole image. */
function isInside(superblock: Sighting, { partitions }: Sighting, guestSize: number | null): boolean {
  const { claims, confidence } = superblock;
  if (claims === null || confidence === 'weak') return true;
  if (isWhole(superblock, guestSize)) return false;
  return partitions.some(({ start, end }) => start === 0n && claims <= end);
}

/** Whether the structure claims all of the image but a remainder. */
function isWhole({ claims }: Sighting, guestSize: number | null): boolean {
  return claims !== null && guestSize !== null && claims + REMAINDER > BigInt(guestSize);
}

/**
 * Whether an intact structure beside the winner leaves a doubt without contradicting it: a volume beside a GPT may be
 * newer than the table; a kernel may hold a partition table in its first sector.
 */
function isDoubtful(winner: Ranked, seen: readonly Ranked[]): boolean {
  const others = winner.tier === 'gpt' ? OVERWRITERS : winner.tier === 'file' ? TABLES : null;
  return others !== null && seen.some(({ tier, sighting }) => others.has(tier) && sighting.confidence !== 'weak');
}

function lessCertain(sighting: Sighting): Sighting {
  return sighting.confidence === 'certain' ? { ...sighting, confidence: 'likely' } : sighting;
}

function contested(winner: Ranked, contradictions: readonly Ranked[]): Content {
  const all = [winner, ...contradictions].map(({ sighting }) => sighting);
  return {
    kind: 'contested',
    evidence: all.flatMap(({ evidence }) => evidence),
    safety: withoutRepeats([...all.flatMap(({ safety }) => safety), 'POLYGLOT']),
  };
}

/** Weakens a sighting with rivals of the same type: one of them is a leftover, so only the type is clear. */
function weakenedBy(sighting: Sighting, rivals: readonly Ranked[]): Sighting {
  return rivals.length === 0 ? sighting : { ...sighting, confidence: 'weak' };
}

/** Most structures beside the winner that the evidence names. */
const MOST_BESIDE = 4;

function structuresBeside(winner: Ranked, seen: readonly Ranked[]): readonly ByteEvidence[] {
  return seen
    .filter(({ tier }) => tier !== 'last-resort' && tier !== winner.tier)
    .filter(({ sighting }) => !(winner.tier === 'gpt' && sighting.name === 'protective MBR'))
    .flatMap(({ sighting }) => sighting.evidence.slice(0, 1))
    .slice(0, MOST_BESIDE)
    .map(({ offset, detail }) => ({ offset, detail: `beside it: ${detail}` }));
}

/** Makes the content. A structure that claims more bytes than the guest has is not `certain`. */
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
