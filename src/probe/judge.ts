import type { ByteEvidence } from '../model/verdict.ts';
import { HEAD_LENGTH, WINDOW_LENGTH, type FileHead } from './container.ts';
import { CONTAINER_FORMATS } from './containers/containers.ts';
import { atMost, contentJudgement, type Surroundings } from './content-judgement.ts';
import type { Content } from './content.ts';
import { recogniseContent } from './contents/recognise.ts';
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
  let file = yield* readHead(layer, layer.bytes === 'costly' ? FIRST_STEP : HEAD_LENGTH);
  if (file.head.length === 0) return undetermined('empty', null);
  let containers = signsOf(CONTAINER_FORMATS, file);
  let envelopes = signsOf(ENVELOPE_FORMATS, file);
  if (layer.bytes === 'costly' && containers.length + envelopes.length > 0) {
    file = yield* readHead(layer, HEAD_LENGTH);
    containers = signsOf(CONTAINER_FORMATS, file);
    envelopes = signsOf(ENVELOPE_FORMATS, file);
  }
  const content = recogniseContent({
    bytes: fieldsOf(file.head.bytes.subarray(0, WINDOW_LENGTH)),
    guestSize: layer.size,
    sectorSize: 512,
  });
  const strong = envelopes.filter(({ sign }) => sign.magic === 'strong');
  const signatures = [...containers, ...strong].map(({ sign }) => sign);
  const standing = signatures.length === 0 ? [] : standingOf(content);
  if (signatures.length > 1 || standing.length > 0) return polyglot([...signatures, ...standing]);

  const [container] = containers;
  if (container !== undefined) return yield* judgeOpened(yield* container.format.open(file), container.sign);
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

function* readHead(layer: Layer, length: number): Reading<FileHead> {
  const head = layer.size === 0 ? new Uint8Array(0) : yield* readUpTo(0, length);
  return { head: fieldsOf(head), size: layer.size };
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
  const plain = contentJudgement(content, contentTraces(content), RAW);
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

function contentTraces(content: Content): ReturnType<typeof here> {
  return content.kind === 'blank' || content.kind === 'unknown' ? [] : here(content.evidence);
}
