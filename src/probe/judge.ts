import type { ByteEvidence } from '../model/verdict.ts';
import { HEAD_LENGTH, WINDOW_LENGTH, type ContainerFormat, type FileHead, type OpenedContainer } from './container.ts';
import { CONTAINER_FORMATS } from './containers/containers.ts';
import { atMost, contentJudgement, type Surroundings } from './content-judgement.ts';
import type { Content } from './content.ts';
import { isRefusedBootSector } from './contents/guid-partition-table.ts';
import { recogniseContent } from './contents/recognise.ts';
import { LONGEST_DESCRIPTOR } from './containers/vmdk-descriptor.ts';
import type { EnvelopeFormat, EnvelopeSign } from './envelopes/envelope.ts';
import { ENVELOPE_FORMATS } from './envelopes/envelopes.ts';
import { fieldsOf } from './fields.ts';
import { here, joined, otherwise, undetermined, type Judgement } from './judgement.ts';
import { FIRST_STEP, type Layer } from './layer.ts';
import { judgeOpened } from './opened-container.ts';
import { readUpTo, type Reading } from './reading.ts';
import { readTail } from './tail.ts';

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
  if (!head.file.head.has(0, 1)) return undetermined('empty', null);
  let containers = signsOf(CONTAINER_FORMATS, head.file);
  let envelopes = signsOf(ENVELOPE_FORMATS, head.file);
  if (wantsMore(layer, head, containers.length, envelopes.length)) {
    head = yield* readHead(layer, HEAD_LENGTH);
    containers = signsOf(CONTAINER_FORMATS, head.file);
    envelopes = signsOf(ENVELOPE_FORMATS, head.file);
  }
  if (mayBeLongDescriptor(layer, head)) {
    head = yield* readHead(layer, LONGEST_DESCRIPTOR);
    containers = signsOf(CONTAINER_FORMATS, head.file);
  }
  const { file } = head;
  const content = recogniseContent({
    bytes: fieldsOf(file.head.upTo(0, WINDOW_LENGTH)),
    guestSize: layer.size,
    sectorSize: 512,
  });
  const strong = envelopes.filter(({ sign }) => sign.magic === 'strong');
  const signatures = [...containers, ...strong].map(({ sign }) => sign);
  const standing = signatures.length === 0 ? [] : standingOf(content);
  if (signatures.length > 1 || standing.length > 0) return polyglot([...signatures, ...standing]);

  const [container] = containers;
  if (container !== undefined) return yield* judgeOpened(yield* open(container.format, head, layer), container.sign);
  const tail = yield* readTail(file);
  if (tail.kind === 'container') return yield* judgeOpened(tail.opened, tail.sign);
  // A disk image of Apple's may begin like the disk it holds, or like compressed data.
  if (tail.kind === 'foreign' && content.kind !== 'typed') return otherwise(null, 'likely', [tail.format.evidence]);
  const judgement = yield* judgeRaw(file, layer, content, envelopes);
  return tail.kind === 'unread' ? joined(withoutEnd(judgement), [], here([tail.note])) : judgement;
}

/** Disks and file systems are what fixed VHDs hold; without the end of the file one cannot be ruled out. */
function withoutEnd(judgement: Judgement): Judgement {
  if (judgement.imageType !== 'disk' && judgement.imageType !== 'filesystem') return judgement;
  return { ...judgement, confidence: atMost('likely', judgement.confidence) };
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

/** Whether a descriptor may go on behind a head that is text throughout: QEMU reads the first MiB. */
function mayBeLongDescriptor({ bytes, size }: Layer, { file }: ReadHead): boolean {
  if (bytes !== 'cheap' || (size !== null && size <= HEAD_LENGTH) || !file.head.has(0, HEAD_LENGTH)) return false;
  const start = file.head.slice(0, 512);
  return start.every((byte) => byte >= 9 && byte < 127) && !file.head.upTo(0, HEAD_LENGTH).includes(0);
}

/** Whether the short head of a layer will not do. Envelopes are opened with all that there is of the head. */
function wantsMore({ bytes }: Layer, head: ReadHead, containers: number, envelopes: number): boolean {
  if (bytes === 'near') return envelopes > 0 || head.missed();
  return bytes === 'costly' && containers + envelopes > 0;
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

function polyglot(signatures: readonly ByteEvidence[]): Judgement {
  return undetermined('two formats at once', null, {
    evidence: here(signatures),
    safety: ['POLYGLOT'],
    standing: 'contested',
  });
}

/** No container: content, where it is more than a guess, goes before wrappers. */
function* judgeRaw(
  file: FileHead,
  layer: Layer,
  content: Content,
  envelopes: readonly Signed<EnvelopeFormat, EnvelopeSign>[],
): Reading<Judgement> {
  const refused = layer.depth === 0 && !isGptOrDisc(content) && isRefusedBootSector(file.head);
  const surroundings: Surroundings = refused ? { ...RAW, safety: ['BOOT_SECTOR_REFUSED'] } : RAW;
  const plain = contentJudgement(content, contentTraces(content), surroundings);
  const guessed = content.kind === 'typed' && content.confidence === 'weak';
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
  return plain;
}

/** A GPT has a code of its own, and an ISO image with any partition table is let through. */
function isGptOrDisc(content: Content): boolean {
  if (content.kind !== 'typed') return false;
  return content.imageType === 'iso9660' || content.safety.includes('GPT_NONSTANDARD');
}

function contentTraces(content: Content): ReturnType<typeof here> {
  return content.kind === 'blank' || content.kind === 'unknown' ? [] : here(content.evidence);
}
