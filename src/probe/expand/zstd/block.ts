import { BackwardBits, buildFseTable, constantTable, nextState, readFseTable, type FseTable } from './fse.ts';
import { readLiterals, type HuffmanTable } from './literals.ts';
import { u32le, type OneStream } from '../streams/read-on.ts';

/** State that the blocks of one frame share. */
export interface ZstdFrame {
  readonly output: Uint8Array;
  filled: number;
  /** First byte of output that a match may reach, inclusive: where the frame begins. */
  readonly lowest: number;
  code: HuffmanTable | null;
  tables: readonly (FseTable | null)[];
  /** The last three distances, the latest first. */
  readonly distances: [number, number, number];
}

export function startFrame(output: Uint8Array, filled: number): ZstdFrame {
  return { output, filled, lowest: filled, code: null, tables: [null, null, null], distances: [1, 4, 8] };
}

/** Codes of literal lengths, offsets and match lengths, in the order of their tables (RFC 8878 3.1.1.3.2.2). */
const KINDS = [
  {
    mostAccuracy: 9,
    mostSymbols: 36,
    standard: buildFseTable(
      [4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1],
      6,
    ),
  },
  {
    mostAccuracy: 8,
    mostSymbols: 32,
    standard: buildFseTable(
      [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1],
      5,
    ),
  },
  {
    mostAccuracy: 9,
    mostSymbols: 53,
    standard: buildFseTable(
      [1, 4, 3, 2, 2, 2, 2, 2, 2, ...Array.from({ length: 37 }, () => 1), -1, -1, -1, -1, -1, -1, -1],
      6,
    ),
  },
] as const;

/** Extra bits of each code. Its values begin where those of the code before it end. */
const LITERAL_BITS = [...zeros(16), 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
const MATCH_BITS = [...zeros(32), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
const LITERAL_BASES = basesOf(LITERAL_BITS, 0);
const MATCH_BASES = basesOf(MATCH_BITS, 3);

function zeros(count: number): readonly number[] {
  return Array.from({ length: count }, () => 0);
}

function basesOf(bits: readonly number[], first: number): readonly number[] {
  let base = first;
  return bits.map((width) => {
    const own = base;
    base += 2 ** width;
    return own;
  });
}

/** Decodes one compressed block, up to the end of the output. */
export function expandBlock(block: Uint8Array, frame: ZstdFrame): 'sound' | 'broken' {
  const literals = readLiterals(block, frame.code);
  if (literals === null) return 'broken';
  frame.code = literals.code;
  const first = block[literals.end] ?? 0;
  const headerLength = first < 128 ? 1 : first < 255 ? 2 : 3;
  const count = sequenceCount(block, literals.end, first);
  if (count === 0) {
    append(frame, literals.bytes);
    return 'sound';
  }
  const tables = readTables(block, literals.end + headerLength, frame.tables);
  if (tables === null) return 'broken';
  frame.tables = tables.tables;
  return runSequences(tables.tables, new BackwardBits(block.subarray(tables.end)), count, literals.bytes, frame);
}

function sequenceCount(block: Uint8Array, at: number, first: number): number {
  if (first < 128) return first;
  const second = block[at + 1] ?? 0;
  return first < 255 ? ((first - 128) << 8) + second : second + ((block[at + 2] ?? 0) << 8) + 0x7f00;
}

type Tables = readonly [FseTable, FseTable, FseTable];

function readTables(
  block: Uint8Array,
  start: number,
  before: readonly (FseTable | null)[],
): { readonly tables: Tables; readonly end: number } | null {
  const modes = block[start] ?? 0;
  const tables: FseTable[] = [];
  let at = start + 1;
  for (const [index, { mostAccuracy, mostSymbols, standard }] of KINDS.entries()) {
    const mode = (modes >> (6 - 2 * index)) & 3;
    let table: FseTable | null | undefined = mode === 0 ? standard : before[index];
    if (mode === 1) {
      const symbol = block[at] ?? 0;
      table = symbol < mostSymbols ? constantTable(symbol) : null;
      at += 1;
    } else if (mode === 2) {
      const described = readFseTable(block, at, mostAccuracy, mostSymbols);
      table = described?.table;
      at = described?.end ?? at;
    }
    if (table === null || table === undefined) return null;
    tables.push(table);
  }
  const [literal, offset, match] = tables;
  if (literal === undefined || offset === undefined || match === undefined || at >= block.length) return null;
  return { tables: [literal, offset, match], end: at };
}

/** Runs sequences. Each writes at least three bytes, so the length of the output bounds the work. */
function runSequences(
  [literalTable, offsetTable, matchTable]: Tables,
  stream: BackwardBits,
  count: number,
  literals: Uint8Array,
  frame: ZstdFrame,
): 'sound' | 'broken' {
  let literalState = stream.read(literalTable.accuracy);
  let offsetState = stream.read(offsetTable.accuracy);
  let matchState = stream.read(matchTable.accuracy);
  let used = 0;
  for (let left = count; left > 0 && frame.filled < frame.output.length; left -= 1) {
    const offsetCode = offsetTable.symbols[offsetState] ?? 0;
    const matchCode = matchTable.symbols[matchState] ?? 0;
    const literalCode = literalTable.symbols[literalState] ?? 0;
    const offset = 2 ** offsetCode + stream.read(offsetCode);
    const matchLength = (MATCH_BASES[matchCode] ?? 0) + stream.read(MATCH_BITS[matchCode] ?? 0);
    const literalLength = (LITERAL_BASES[literalCode] ?? 0) + stream.read(LITERAL_BITS[literalCode] ?? 0);
    if (stream.left < 0 || used + literalLength > literals.length) return 'broken';
    append(frame, literals.subarray(used, used + literalLength));
    used += literalLength;
    if (copy(frame, distanceOf(frame.distances, offset, literalLength), matchLength) === 'broken') return 'broken';
    if (left > 1) {
      literalState = nextState(literalTable, literalState, stream);
      matchState = nextState(matchTable, matchState, stream);
      offsetState = nextState(offsetTable, offsetState, stream);
    }
  }
  append(frame, literals.subarray(used));
  return 'sound';
}

/**
 * Returns the distance that an offset means. Offsets up to 3 name one of the last distances, and without literals
 * before the match the next one of them (RFC 8878 3.1.1.5).
 */
function distanceOf(distances: [number, number, number], offset: number, literalLength: number): number {
  const [first, second, third] = distances;
  const choice = offset > 3 ? 4 : offset - 1 + (literalLength === 0 ? 1 : 0);
  if (choice === 0) return first;
  const distance = choice === 4 ? offset - 3 : choice === 1 ? second : choice === 2 ? third : first - 1;
  if (choice > 1) distances[2] = second;
  distances[1] = first;
  distances[0] = distance;
  return distance;
}

function append(frame: ZstdFrame, bytes: Uint8Array): void {
  const piece = bytes.subarray(0, frame.output.length - frame.filled);
  frame.output.set(piece, frame.filled);
  frame.filled += piece.length;
}

function copy(frame: ZstdFrame, distance: number, length: number): 'sound' | 'broken' {
  const { output } = frame;
  if (distance < 1 || distance > frame.filled - frame.lowest) return 'broken';
  const end = Math.min(output.length, frame.filled + length);
  for (let at = frame.filled; at < end; at += 1) output[at] = output[at - distance] ?? 0;
  frame.filled = end;
  return 'sound';
}

/**
 * A frame of Zstandard. The output is the window: a match cannot reach farther back than the output, so the decoder
 * keeps no window and ignores the window size in the header. Checksums are not verified: the plaintext is judged, whole
 * or not. Source: RFC 8878 (frame header 3.1.1.1, blocks 3.1.1.2).
 */

const LARGEST_BLOCK = 128 * 1024;
const CHECKSUM_LENGTH = 4;

/** Descriptor bits (RFC 8878 3.1.1.1.1). */
const HAS_CHECKSUM = 0x04;
const IS_SINGLE = 0x20;
/** A reserved bit, and the two bits of a dictionary, which is never at hand. */
const NOT_READ = 0x0b;

export function expandZstdFrame(input: Uint8Array, start: number, output: Uint8Array, from: number): OneStream {
  const frame = startFrame(output, from);
  const descriptor = input[start + 4] ?? 0;
  if (start + 6 > input.length || (descriptor & NOT_READ) !== 0) return { filled: from, end: null };
  let at = start + headerLength(descriptor);
  while (frame.filled < output.length && at + 3 <= input.length) {
    const header = u32le(input, at) & 0xffffff;
    const size = header >> 3;
    if (size > LARGEST_BLOCK) break;
    at += 3;
    const kind = (header >> 1) & 3;
    if (kind === 0) {
      const piece = input.subarray(at, Math.min(at + size, at + output.length - frame.filled));
      output.set(piece, frame.filled);
      frame.filled += piece.length;
    } else if (kind === 1) {
      if (at === input.length) break;
      const end = Math.min(output.length, frame.filled + size);
      output.fill(input[at] ?? 0, frame.filled, end);
      frame.filled = end;
    } else if (
      kind === 3 ||
      at + size > input.length ||
      expandBlock(input.subarray(at, at + size), frame) === 'broken'
    ) {
      break;
    }
    at += kind === 1 ? 1 : size;
    if ((header & 1) === 0) continue;
    const end = at + ((descriptor & HAS_CHECKSUM) === 0 ? 0 : CHECKSUM_LENGTH);
    return { filled: frame.filled, end: end > input.length ? null : end };
  }
  return { filled: frame.filled, end: null };
}

function headerLength(descriptor: number): number {
  const isSingle = (descriptor & IS_SINGLE) !== 0;
  const sizeCode = descriptor >> 6;
  const sizeLength = sizeCode === 0 ? (isSingle ? 1 : 0) : 1 << sizeCode;
  return 5 + (isSingle ? 0 : 1) + sizeLength;
}
