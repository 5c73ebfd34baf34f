import type { ByteEvidence } from '../model/verdict.ts';
import type { ContainerFormat, OpenedContainer } from './containers/format/container.ts';
import { HEAD_LENGTH, WINDOW_LENGTH, type FileHead } from './reading/file-head.ts';
import { CONTAINER_FORMATS } from './containers/containers.ts';
import { atMost, bootSectorCodes, contentJudgement, type Surroundings } from './judgement/content-judgement.ts';
import type { Content } from './contents/sighting/content.ts';
import { hasSmallBlocks, SMALL_BLOCK_ANCHOR } from './contents/volumes/optical-discs.ts';
import { recogniseContent, standingStructures } from './contents/recognise.ts';
import { LONGEST_DESCRIPTOR } from './containers/vmdk/descriptor.ts';
import { followedTextCodes } from './containers/vmdk/descriptor-file.ts';
import type { EnvelopeFormat, EnvelopeSign } from './envelopes/format/envelope.ts';
import { ENVELOPE_FORMATS } from './envelopes/envelopes.ts';
import { readFarStructure } from './far-structures.ts';
import { fieldsOf } from './reading/fields.ts';
import { here, joined, otherwise, undetermined, type Judgement, type TypedJudgement } from './judgement/judgement.ts';
import { FIRST_STEP, type Layer } from './reading/layer.ts';
import { judgeOpened } from './opened-container.ts';
import { attempted, readUpTo, type Reading } from './reading/reading.ts';
import { refutedFormats } from './judgement/refuted-formats.ts';
import { isWholeSectors, mayHaveTrailer, readTail, type Tail } from './tail.ts';

/** Wrappers taken off at the most. */
const DEEPEST = 2;

const RAW: Surroundings = {
  containerType: 'raw',
  containerBasis: 'assumed',
  evidence: [],
  safety: [],
  most: 'certain',
};

/**
 * What the bytes of a layer are: container, content and envelope, by one order of precedence. A container's magic goes before
 * everything, then its content, then wrappers; signatures that contend are all named and none is chosen.
 *
 * @throws Unreadable when not even the beginning can be read.
 */
export function* judge(layer: Layer): Reading<Judgement> {
  let head = yield* readHead(layer, layer.bytes === 'cheap' ? HEAD_LENGTH : FIRST_STEP);
  if (!head.file.head.has(0, 1)) return ofLayer(undetermined('empty', null), refutedFormats(head.file, []));
  let signs = signsIn(head.file);
  if (wantsMore(layer, head, signs)) {
    head = yield* readHead(layer, HEAD_LENGTH);
    signs = signsIn(head.file);
  }
  if (mayBeLongDescriptor(layer, head)) {
    head = yield* readHead(layer, LONGEST_DESCRIPTOR);
    signs = signsIn(head.file);
  }
  const { file } = head;
  const { containers, envelopes, refutes } = signs;
  const window = { bytes: fieldsOf(file.head.upTo(0, WINDOW_LENGTH)), guestSize: layer.size, sectorSize: 512 };
  const content = recogniseContent(window);
  const strong = envelopes.filter(({ sign }) => sign.magic === 'strong');
  const signatures = [...containers, ...strong].map(({ sign }) => sign);
  const standing = signatures.length === 0 ? [] : standingOf(content);
  const [container] = containers;
  if (signatures.length > 1 || (container === undefined && standing.length > 0)) {
    return ofLayer(polyglot([...signatures, ...standing]), refutes);
  }
  if (container !== undefined) {
    const opened = yield* open(container.format, head, layer);
    const rivals = standing.length === 0 ? [] : yield* outsideGuest(standingStructures(window), opened);
    const judgement =
      rivals.length === 0 ? yield* judgeOpened(opened, container.sign) : polyglot([container.sign, ...rivals]);
    return ofLayer(judgement, refutes);
  }
  const refused = layer.depth === 0 ? bootSectorCodes(window.bytes, content) : [];
  const safety = [...followedTextCodes(file.head), ...refused];
  const surroundings: Surroundings = { ...RAW, safety };
  const plain = ofLayer(contentJudgement(content, contentTraces(content), surroundings), refutes);
  if (isWholeSectors(file.size)) {
    const tail = yield* readTail(file);
    const told = yield* judgeTail(tail, layer, content);
    if (told !== null) return ofLayer(told, refutes);
    return withTail(tail, yield* judgeRaw(file, layer, { content, plain }, envelopes));
  }
  const judgement = yield* judgeRaw(file, layer, { content, plain }, envelopes);
  if (!mayHaveTrailer(file, judgement)) return judgement;
  const tail = yield* readTail(file);
  const told = yield* judgeTail(tail, layer, content);
  return told === null ? withTail(tail, judgement) : ofLayer(told, refutes);
}

/** What a file is by its end; null where that leaves it to the beginning. */
function* judgeTail(tail: Tail, layer: Layer, content: Content): Reading<Judgement | null> {
  // A disk image of Apple's may begin like the disk it holds, or like compressed data.
  if (tail.kind === 'foreign' && content.kind !== 'typed') return otherwise(null, 'likely', [tail.format.evidence]);
  if (tail.kind !== 'container') return null;
  const standing = tail.begins === 'anyhow' ? [] : standingOf(content);
  if (standing.length > 0) return polyglot([tail.sign, ...standing]);
  const judgement = yield* judgeOpened(tail.opened, tail.sign);
  // Nobody compared the checksums of the stream between the beginning and the footer.
  return layer.bytes === 'costly' ? likelyAtMost(judgement) : judgement;
}

/** A judgement that no wrapper's content was judged for: what the layer's own head refutes is refuted. */
function ofLayer(judgement: Judgement, refutes: Judgement['refutes']): Judgement {
  return { ...judgement, refutes };
}

/** Disks and file systems are what fixed VHDs hold; without the end of the file one cannot be ruled out. */
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

/** The beginning of a layer, and whether something was asked for that lies behind what was read of it. */
interface ReadHead {
  readonly file: FileHead;
  readonly missed: () => boolean;
}

function* readHead(layer: Layer, length: number): Reading<ReadHead> {
  const bytes = layer.size === 0 ? new Uint8Array(0) : yield* readUpTo(0, length);
  let missed = false;
  const head = fieldsOf(bytes, () => (missed = true));
  return { file: { head, size: layer.size }, missed: () => missed && length < HEAD_LENGTH && bytes.length === length };
}

/** Whether a descriptor may go on behind a head without a NUL: QEMU reads the first MiB up to one. */
function mayBeLongDescriptor({ bytes, size }: Layer, { file }: ReadHead): boolean {
  if (bytes !== 'cheap' || (size !== null && size <= HEAD_LENGTH) || !file.head.has(0, HEAD_LENGTH)) return false;
  return !file.head.upTo(0, HEAD_LENGTH).includes(0);
}

/** Whether the short head of a layer will not do. Envelopes are opened with all that there is of the head. */
function wantsMore({ bytes }: Layer, head: ReadHead, { containers, envelopes }: Signs): boolean {
  if (bytes === 'near') return envelopes.length > 0 || head.missed();
  return bytes === 'costly' && containers.length + envelopes.length > 0;
}

/** Opens a container by as much of the head as it asks for. */
function* open(format: ContainerFormat, head: ReadHead, layer: Layer): Reading<OpenedContainer> {
  const opened = yield* format.open(head.file);
  if (layer.bytes !== 'near' || !head.missed()) return opened;
  return yield* format.open((yield* readHead(layer, HEAD_LENGTH)).file);
}

interface Signed<Format, Sign> {
  readonly format: Format;
  readonly sign: Sign;
}

/** What the head of a layer shows, and what it shows that the layer is not. */
interface Signs {
  readonly containers: readonly Signed<ContainerFormat, ByteEvidence>[];
  readonly envelopes: readonly Signed<EnvelopeFormat, EnvelopeSign>[];
  readonly refutes: Judgement['refutes'];
}

function signsIn(file: FileHead): Signs {
  const containers = signsOf(CONTAINER_FORMATS, file);
  const recognised = containers.map(({ format }) => format.containerType);
  return { containers, envelopes: signsOf(ENVELOPE_FORMATS, file), refutes: refutedFormats(file, recognised) };
}

function signsOf<Sign, Format>(
  formats: readonly (Format & { readonly recognise: (file: FileHead) => Sign | null })[],
  file: FileHead,
): readonly Signed<Format, Sign>[] {
  return formats.flatMap((format) => {
    const sign = format.recognise(file);
    return sign === null ? [] : [{ format, sign }];
  });
}

/** Evidence of a content that would stand on its own beside another signature; a 16-bit magic or a cipher header would not. */
function standingOf(content: Content): readonly ByteEvidence[] {
  const stands = content.kind === 'contested' || (content.kind === 'typed' && content.confidence !== 'weak');
  return stands ? content.evidence : [];
}

/**
 * Structures that are not guest data: what stands in a block that the container maps is the guest's, wherever it lies.
 */
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

/** No container: content, where it is more than a guess, goes before wrappers. */
function* judgeRaw(
  file: FileHead,
  layer: Layer,
  { content, plain }: { readonly content: Content; readonly plain: Judgement },
  envelopes: readonly Signed<EnvelopeFormat, EnvelopeSign>[],
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

/**
 * Certainly a volume where its blocks are smaller than those of a disc; else nothing but a declaration tells which of
 * both it is.
 */
function* volumeOrDisc(volume: TypedJudgement): Reading<Judgement> {
  const anchor = yield* attempted(readUpTo(SMALL_BLOCK_ANCHOR.offset, SMALL_BLOCK_ANCHOR.length));
  const isCertain = anchor !== null && hasSmallBlocks(fieldsOf(anchor));
  return isCertain ? { ...volume, confidence: 'certain', alsoReadAs: [] } : volume;
}

function contentTraces(content: Content): ReturnType<typeof here> {
  return content.kind === 'blank' || content.kind === 'unknown' ? [] : here(content.evidence);
}
