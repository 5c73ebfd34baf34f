import type { SafetyCode } from '../../model/safety.ts';
import type { Confidence } from '../../model/verdict.ts';
import type { ContainerType } from '../../model/vocabulary.ts';
import type { Content } from '../contents/sighting/sighting.ts';
import { isRefusedBootSector } from '../contents/partitions/guid-partition-table.ts';
import type { Fields } from '../reading/fields.ts';
import { undetermined, type Judgement, type Trace } from './judgement.ts';

/** What is known about a layer before its content is judged. */
export interface Surroundings {
  readonly containerType: ContainerType;
  readonly containerBasis: 'proven' | 'assumed';
  readonly evidence: readonly Trace[];
  readonly safety: readonly SafetyCode[];
  /** `likely`: stale tables, or a window that could not be read to its end, allow no certainty. */
  readonly most: 'certain' | 'likely';
}

/** The judgement that follows from content; `traces` is its evidence in the space of the layer. */
export function contentJudgement(content: Content, traces: readonly Trace[], around: Surroundings): Judgement {
  const { containerType, containerBasis } = around;
  const evidence = [...around.evidence, ...traces];
  if (content.kind === 'blank' || content.kind === 'unknown') {
    const why = content.kind === 'blank' ? 'blank' : 'not recognised';
    return undetermined(why, containerType, { containerBasis, evidence, safety: around.safety });
  }
  const safety = [...around.safety, ...content.safety];
  if (content.kind === 'typed') {
    const { imageType, alsoReadAs } = content;
    const confidence = atMost(around.most, content.confidence);
    const known = { containerBasis, envelope: null, reach: 'whole', evidence, safety, refutes: [] } as const;
    return { imageType, containerType, confidence, alsoReadAs, ...known };
  }
  const known = { containerBasis, evidence, safety };
  return content.kind === 'encrypted'
    ? undetermined('encrypted', containerType, known)
    : undetermined('two readings of the content contend', containerType, { ...known, state: 'contested' });
}

/** The code for a boot sector that Glance refuses. A GPT has its own; an ISO image may have any partition table. */
export function bootSectorCodes(bytes: Fields, content: Content): readonly SafetyCode[] {
  const exempt =
    content.kind === 'typed' && (content.imageType === 'iso9660' || content.safety.includes('GPT_NONSTANDARD'));
  return !exempt && isRefusedBootSector(bytes) ? ['BOOT_SECTOR_REFUSED'] : [];
}

export function atMost(
  most: 'certain' | 'likely',
  confidence: Exclude<Confidence, 'undetermined'>,
): Exclude<Confidence, 'undetermined'> {
  return confidence === 'certain' ? most : confidence;
}
