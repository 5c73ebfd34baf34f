import type { ReferenceTarget } from '../../model/image.ts';
import { type Facts, STATUS_VALUES } from '../table/attribute.ts';
import { firstMatch } from '../table/condition.ts';
import { NOTHING_COMPARED } from './content-fit.ts';
import type { Observation } from './observation.ts';
import { SNAPSHOT_PROPERTIES } from './property-token.ts';
import { tupleClassifications } from '../table/resolve.ts';
import type { RuleTable } from '../table/rule-table.ts';
import type { SeenContent } from './seen-content.ts';
import { type ReadWord, readWord } from '../table/word.ts';

/** An image as conditions see it, and its two words as they were read. */
export interface ReadFacts {
  readonly facts: Facts;
  readonly disk: ReadWord;
  readonly container: ReadWord;
}

export function readFacts(seen: Observation, table: RuleTable): ReadFacts {
  const disk = readWord(seen.diskFormat, table.vocabulary.disk);
  const container = readWord(seen.containerFormat, table.vocabulary.container);
  const facts: Facts = {
    row: seen.row,
    status: STATUS_VALUES.includes(seen.status) ? seen.status : 'other',
    size: seen.size === 'empty' ? 'empty' : 'some',
    block_devices: seen.tokens.has('block_device_mapping') || seen.tokens.has('bdm_v2') ? 'present' : 'absent',
    image_state: seen.tokens.get('image_state') ?? 'absent',
    used_as: usedAs(seen),
    own_kernel: ownKernel(seen.kernel, table),
    img_type: seen.tokens.get('img_type') ?? 'absent',
    bexar_type: seen.tokens.get('type') ?? 'absent',
    snapshot: hasSnapshotMark(seen.tokens) ? 'live' : hasSnapshotMark(seen.lostTokens) ? 'lost' : 'absent',
    encryption_key: seen.tokens.has('cinder_encryption_key_id') ? 'present' : 'absent',
    content: contentFact(seen.content),
    ...NOTHING_COMPARED,
    disk: disk.word,
    container: container.word,
  };
  return { facts, disk, container };
}

/** The value of the attribute `content`. */
export function contentFact(content: SeenContent | null): string {
  if (content === null) return 'absent';
  return content.kind === 'unread' ? 'unread' : content.certainty;
}

export function usedAs({ referencedBy }: Observation): 'nothing' | 'kernel' | 'ramdisk' | 'both' {
  const kernel = (referencedBy?.asKernel ?? 0) > 0;
  const ramdisk = (referencedBy?.asRamdisk ?? 0) > 0;
  if (kernel && ramdisk) return 'both';
  if (kernel) return 'kernel';
  return ramdisk ? 'ramdisk' : 'nothing';
}

/** Whether a property identifies a snapshot. An image_location that is a manifest or an ISO does not. */
export function isSnapshotMark(name: string, token: string): boolean {
  return SNAPSHOT_PROPERTIES.includes(name) && (name !== 'image_location' || token === 'snapshot');
}

function hasSnapshotMark(tokens: ReadonlyMap<string, string>): boolean {
  for (const [name, token] of tokens) if (isSnapshotMark(name, token)) return true;
  return false;
}

function ownKernel(kernel: ReferenceTarget, table: RuleTable): string {
  if (kernel.kind === 'absent') return 'absent';
  if (kernel.kind !== 'live') return 'dangling';
  return isDeclaredOtherwise(kernel, table) ? 'doubtful' : 'live';
}

const NOT_KERNELS: ReadonlySet<string> = new Set(['disk', 'iso9660', 'other']);

/** Whether the words of an image named as kernel allow only a virtual disk, an ISO image or an archive. */
export function isDeclaredOtherwise(reference: ReferenceTarget, table: RuleTable): boolean {
  if (reference.kind !== 'live') return false;
  const words = {
    disk: readWord(reference.diskFormat, table.vocabulary.disk).word,
    container: readWord(reference.containerFormat, table.vocabulary.container).word,
  };
  // All other attributes have the values of an image without evidence.
  const facts = { ...words, own_kernel: 'absent', img_type: 'absent', bexar_type: 'absent' };
  const row = firstMatch(table.tuples, { ...facts, snapshot: 'absent', encryption_key: 'absent' });
  const classifications = row === undefined ? null : tupleClassifications(row.outcome, facts, table.vocabulary);
  return (
    classifications !== null &&
    classifications.length > 0 &&
    classifications.every((classification) => NOT_KERNELS.has(classification.imageType))
  );
}
