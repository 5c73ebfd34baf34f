import type { ByteEvidence } from '../model/verdict.ts';
import { CONTAINER_FORMATS } from './containers/containers.ts';
import type { ContainerFormat, OpenedContainer } from './containers/format/opening.ts';
import { LONGEST_DESCRIPTOR } from './containers/vmdk/descriptor.ts';
import type { EnvelopeFormat, EnvelopeSign } from './envelopes/format/envelope.ts';
import { ENVELOPE_FORMATS } from './envelopes/envelopes.ts';
import { type Judgement, refutedFormats } from './judgement/judgement.ts';
import { fieldsOf, HEAD_LENGTH, type FileHead } from './reading/fields.ts';
import { FIRST_STEP, type Layer } from './reading/layer.ts';
import { readUpTo, type Reading } from './reading/reading.ts';

interface Signed<Format, Sign> {
  readonly format: Format;
  readonly sign: Sign;
}

/** The formats whose signature the head of a layer shows, and the formats that the head refutes. */
export interface Signs {
  readonly containers: readonly Signed<ContainerFormat, ByteEvidence>[];
  readonly envelopes: readonly Signed<EnvelopeFormat, EnvelopeSign>[];
  readonly refutes: Judgement['refutes'];
}

interface ReadHead {
  readonly file: FileHead;
  /** Whether a parser asked for bytes that lie behind a short head. */
  readonly missed: () => boolean;
}

/** The beginning of a layer with its signs. */
export interface SignedHead extends ReadHead {
  readonly signs: Signs;
}

/** Reads the head of a layer, as much of it as the signs in it need. */
export function* readSignedHead(layer: Layer): Reading<SignedHead> {
  let head = yield* readSigned(layer, layer.bytes === 'cheap' ? HEAD_LENGTH : FIRST_STEP);
  if (wantsMore(layer, head)) head = yield* readSigned(layer, HEAD_LENGTH);
  return mayBeLongDescriptor(layer, head) ? yield* readSigned(layer, LONGEST_DESCRIPTOR) : head;
}

/** Opens a container; where the short head of a near layer does not suffice, again with the whole head. */
export function* openContainer(format: ContainerFormat, head: ReadHead, layer: Layer): Reading<OpenedContainer> {
  const opened = yield* format.open(head.file);
  if (layer.bytes !== 'near' || !head.missed()) return opened;
  return yield* format.open((yield* readHead(layer, HEAD_LENGTH)).file);
}

function* readSigned(layer: Layer, length: number): Reading<SignedHead> {
  const head = yield* readHead(layer, length);
  return { ...head, signs: signsIn(head.file) };
}

function* readHead(layer: Layer, length: number): Reading<ReadHead> {
  const bytes = layer.size === 0 ? new Uint8Array(0) : yield* readUpTo(0, length);
  let missed = false;
  const head = fieldsOf(bytes, () => (missed = true));
  return { file: { head, size: layer.size }, missed: () => missed && length < HEAD_LENGTH && bytes.length === length };
}

/** Whether the short head of a layer does not suffice. Envelopes are opened with the whole head. */
function wantsMore({ bytes }: Layer, { signs, missed }: SignedHead): boolean {
  if (bytes === 'near') return signs.envelopes.length > 0 || missed();
  return bytes === 'costly' && signs.containers.length + signs.envelopes.length > 0;
}

/** Whether a descriptor may continue behind a head without a NUL: QEMU reads the first MiB up to one. */
function mayBeLongDescriptor({ bytes, size }: Layer, { file }: ReadHead): boolean {
  if (bytes !== 'cheap' || (size !== null && size <= HEAD_LENGTH) || !file.head.has(0, HEAD_LENGTH)) return false;
  return !file.head.upTo(0, HEAD_LENGTH).includes(0);
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
