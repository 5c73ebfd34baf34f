import type { ByteEvidence } from '../model/verdict.ts';
import { withWindow, type OpenedFile } from './containers/format/guest-window.ts';
import type { OpenedContainer } from './containers/format/opening.ts';
import { followedTextCodes } from './containers/vmdk/descriptor.ts';
import { hasSmallBlocks, SMALL_BLOCK_ANCHOR } from './contents/volumes/optical-discs.ts';
import { recogniseContent, convincingStructures } from './contents/recognise.ts';
import type { Content } from './contents/sighting/sighting.ts';
import { readFarStructure } from './far-structures.ts';
import { atMost, bootSectorCodes, contentJudgement, type Surroundings } from './judgement/content-judgement.ts';
import { here, joined, ofTypeOther, undetermined, type Judgement, type TypedJudgement } from './judgement/judgement.ts';
import { judgeOpened } from './opened-container.ts';
import { fieldsOf, type Fields, WINDOW_LENGTH, type FileHead } from './reading/fields.ts';
import type { Layer } from './reading/layer.ts';
import { attempted, readUpTo, type Reading } from './reading/reading.ts';
import { openContainer, readSignedHead, type SignedHead, type Signs } from './signs.ts';
import { isWholeSectors, mayHaveTrailer, readTail, type Tail } from './tail.ts';

/** Wrappers that are taken off at most. */
const DEEPEST = 2;

const RAW: Surroundings = {
  containerType: 'raw',
  containerBasis: 'assumed',
  evidence: [],
  safety: [],
  most: 'certain',
};

/** A layer as its beginning shows it. */
export interface Sight extends SignedHead {
  /** The one container whose signature is there; null where there is none, or another signature as well. */
  readonly opened: (OpenedFile & { readonly sign: ByteEvidence }) | null;
}

/**
 * Reads the beginning of a layer and opens the container that it is.
 *
 * @throws Unreadable when not even the beginning can be read.
 */
export function* look(layer: Layer): Reading<Sight> {
  const head = yield* readSignedHead(layer);
  const [container] = head.signs.containers;
  if (container === undefined || signaturesIn(head.signs).length > 1) return { ...head, opened: null };
  const opened = yield* withWindow(yield* openContainer(container.format, head, layer));
  return { ...head, opened: { ...opened, sign: container.sign } };
}

/** The signatures of which a layer can only have one. */
function signaturesIn({ containers, envelopes }: Signs): readonly ByteEvidence[] {
  const strong = envelopes.filter(({ sign }) => sign.magic === 'strong');
  return [...containers, ...strong].map(({ sign }) => sign);
}

/** Judges a layer that was not looked at before; see `judgeSight`. */
function* judge(layer: Layer): Reading<Judgement> {
  return yield* judgeSight(yield* look(layer), layer);
}

/**
 * Judges what the bytes of a layer are: container, content and envelope. A container's magic takes precedence, then
 * content, then wrappers. Where two signatures contend, both are named and neither is chosen.
 */
export function* judgeSight(sight: Sight, layer: Layer): Reading<Judgement> {
  const { file, signs, opened } = sight;
  if (!file.head.has(0, 1)) return ofLayer(undetermined('empty', null), signs);
  const window = { bytes: windowOf(file), guestSize: layer.size, sectorSize: 512 };
  const content = recogniseContent(window);
  const signatures = signaturesIn(signs);
  const firm = signatures.length === 0 ? [] : firmEvidence(content);
  if (signatures.length > 1 || (opened === null && firm.length > 0)) {
    return ofLayer(polyglot([...signatures, ...firm]), signs);
  }
  if (opened === null) return yield* judgeWithoutContainer(sight, layer, content);
  const rivals = firm.length === 0 ? [] : yield* outsideGuest(convincingStructures(window), opened.container);
  const { sign } = opened;
  return ofLayer(rivals.length === 0 ? judgeOpened(opened, sign) : polyglot([sign, ...rivals]), signs);
}

function windowOf({ head }: FileHead): Fields {
  return fieldsOf(head.upTo(0, WINDOW_LENGTH));
}

/** Without a container's magic at the beginning: the end of the file, the content and the wrappers decide. */
function* judgeWithoutContainer({ file, signs }: SignedHead, layer: Layer, content: Content): Reading<Judgement> {
  const refused = layer.depth === 0 ? bootSectorCodes(windowOf(file), content) : [];
  const surroundings: Surroundings = { ...RAW, safety: [...followedTextCodes(file.head), ...refused] };
  const plain = ofLayer(contentJudgement(content, contentTraces(content), surroundings), signs);
  // Where a fixed VHD is possible, the end is read first: its footer takes precedence over what the beginning shows.
  const early = isWholeSectors(file.size) ? yield* readTail(file) : null;
  const byEarly = early === null ? null : yield* judgeTail(early, layer, content);
  if (byEarly !== null) return ofLayer(byEarly, signs);
  const judgement = yield* judgeRaw(file, layer, { content, plain }, signs.envelopes);
  if (early !== null) return withTail(early, judgement);
  if (!mayHaveTrailer(file, judgement)) return judgement;
  const late = yield* readTail(file);
  const byLate = yield* judgeTail(late, layer, content);
  return byLate === null ? withTail(late, judgement) : ofLayer(byLate, signs);
}

/** The judgement by the end of the file; null where the beginning decides. */
function* judgeTail(tail: Tail, layer: Layer, content: Content): Reading<Judgement | null> {
  // An Apple disk image may begin like the disk that it holds, or like compressed data.
  if (tail.kind === 'foreign' && content.kind !== 'typed') return ofTypeOther(null, 'likely', [tail.sign]);
  if (tail.kind !== 'fixed' && tail.kind !== 'dynamic') return null;
  const firm = tail.kind === 'fixed' ? [] : firmEvidence(content);
  if (firm.length > 0) return polyglot([tail.sign, ...firm]);
  const judgement = judgeOpened(yield* withWindow(tail.opened), tail.sign);
  // The stream was not decompressed between its beginning and the footer, so its checksums were not compared.
  return layer.bytes === 'costly' ? likelyAtMost(judgement) : judgement;
}

/** A judgement on the layer itself, not on what a wrapper holds: it refutes what the head of the layer refutes. */
function ofLayer(judgement: Judgement, { refutes }: Signs): Judgement {
  return { ...judgement, refutes };
}

/** A fixed VHD holds a disk or a filesystem; where the end of the file was not read, it cannot be ruled out. */
function withTail(tail: Tail, judgement: Judgement): Judgement {
  if (tail.kind !== 'unread') return judgement;
  const isDisk = judgement.imageType === 'disk' || judgement.imageType === 'filesystem';
  return { ...joined(isDisk ? likelyAtMost(judgement) : judgement, [], here([tail.note])), reach: 'cut' };
}

function likelyAtMost(judgement: Judgement): Judgement {
  return judgement.imageType === null
    ? judgement
    : { ...judgement, confidence: atMost('likely', judgement.confidence) };
}

/** Evidence strong enough to contend with another signature; a 16-bit magic or a cipher header is not. */
function firmEvidence(content: Content): readonly ByteEvidence[] {
  const isFirm = content.kind === 'contested' || (content.kind === 'typed' && content.confidence !== 'weak');
  return isFirm ? content.evidence : [];
}

/** The structures that are not guest data: whatever lies in a block that the container maps belongs to the guest. */
function* outsideGuest(
  structures: readonly ByteEvidence[],
  { holds }: OpenedContainer,
): Reading<readonly ByteEvidence[]> {
  const outside: ByteEvidence[] = [];
  for (const structure of structures) {
    if (holds === undefined || !(yield* holds(structure.offset))) outside.push(structure);
  }
  return outside;
}

function polyglot(signatures: readonly ByteEvidence[]): Judgement {
  return undetermined('two formats at once', null, {
    evidence: here(signatures),
    safety: ['POLYGLOT'],
    state: 'contested',
  });
}

/** Content that is more than a guess takes precedence over wrappers. */
function* judgeRaw(
  file: FileHead,
  layer: Layer,
  { content, plain }: { readonly content: Content; readonly plain: Judgement },
  envelopes: Signs['envelopes'],
): Reading<Judgement> {
  const guessed = content.kind === 'typed' && content.confidence === 'weak';
  if (plain.imageType === 'filesystem' && plain.alsoReadAs.includes('iso9660')) return yield* volumeOrDisc(plain);
  if (plain.imageType !== null && !guessed) return plain;
  const fitting =
    content.kind === 'unknown' ? envelopes : guessed ? envelopes.filter(({ sign }) => sign.magic === 'strong') : [];
  for (const { format, sign } of fitting) {
    if (layer.depth >= DEEPEST) {
      const why = 'wrapped more than twice';
      return undetermined(why, 'raw', { envelope: 'compressed', evidence: here([sign]), safety: ['NESTED_TOO_DEEP'] });
    }
    const opened = yield* format.open({ file, depth: layer.depth, judge });
    if (opened !== null) return joined(opened, here([sign]));
  }
  if (content.kind !== 'blank' && content.kind !== 'unknown') return plain;
  return (yield* readFarStructure(file, content.kind)) ?? plain;
}

/** Small blocks prove a volume. Otherwise only a declaration tells a volume from a disc. */
function* volumeOrDisc(volume: TypedJudgement): Reading<Judgement> {
  const anchor = yield* attempted(readUpTo(SMALL_BLOCK_ANCHOR.offset, SMALL_BLOCK_ANCHOR.length));
  const isCertain = anchor !== null && hasSmallBlocks(fieldsOf(anchor));
  return isCertain ? { ...volume, confidence: 'certain', alsoReadAs: [] } : volume;
}

function contentTraces(content: Content): ReturnType<typeof here> {
  return content.kind === 'blank' || content.kind === 'unknown' ? [] : here(content.evidence);
}
