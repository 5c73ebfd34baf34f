import { BackwardBits } from './backward-bits.ts';
import { nextState, readFseTable } from './fse.ts';

/** A Huffman code as a table indexed by the next `longest` bits. Source: RFC 8878 4.2. */
export interface HuffmanTable {
  readonly longest: number;
  readonly symbols: Uint8Array;
  readonly lengths: Uint8Array;
}

export interface Literals {
  readonly bytes: Uint8Array;
  /** First offset behind the section. */
  readonly end: number;
  /** The code that a later block may use again. */
  readonly code: HuffmanTable | null;
}

const LARGEST = 128 * 1024;
const LONGEST_CODE = 11;

/** Reads the literals of a block (RFC 8878 3.1.1.3.1); null where they are broken. */
export function readLiterals(block: Uint8Array, before: HuffmanTable | null): Literals | null {
  const first = block[0] ?? 0;
  const form = (first >> 2) & 3;
  return (first & 3) < 2 ? plainLiterals(block, form, before) : codedLiterals(block, form, before);
}

/** Reads literals that are stored or repeat one byte. */
function plainLiterals(block: Uint8Array, form: number, code: HuffmanTable | null): Literals | null {
  const headerLength = form === 1 ? 2 : form === 3 ? 3 : 1;
  const size = littleEndian(block, headerLength) >> (headerLength === 1 ? 3 : 4);
  if (size > LARGEST) return null;
  if (((block[0] ?? 0) & 3) === 1) {
    return { bytes: new Uint8Array(size).fill(block[headerLength] ?? 0), end: headerLength + 1, code };
  }
  const end = headerLength + size;
  return end > block.length ? null : { bytes: block.subarray(headerLength, end), end, code };
}

function codedLiterals(block: Uint8Array, form: number, before: HuffmanTable | null): Literals | null {
  const headerLength = form < 2 ? 3 : form + 2;
  const width = form < 2 ? 10 : form === 2 ? 14 : 18;
  const header = Math.floor(littleEndian(block, headerLength) / 16);
  const size = header % 2 ** width;
  const packed = Math.floor(header / 2 ** width);
  const end = headerLength + packed;
  if (size > LARGEST || end > block.length) return null;
  let at = headerLength;
  let code = before;
  if (((block[0] ?? 0) & 3) === 2) {
    const described = readHuffman(block.subarray(0, end), at);
    if (described === null) return null;
    code = described.code;
    at = described.end;
  }
  if (code === null) return null;
  const bytes = new Uint8Array(size);
  const streams = form === 0 ? [block.subarray(at, end)] : fourStreams(block.subarray(at, end));
  if (streams === null) return null;
  const share = form === 0 ? size : Math.ceil(size / 4);
  for (const [index, stream] of streams.entries()) {
    decode(code, stream, bytes.subarray(Math.min(size, index * share), Math.min(size, (index + 1) * share)));
  }
  return { bytes, end, code };
}

function fourStreams(bytes: Uint8Array): readonly Uint8Array[] | null {
  const ends = [6];
  for (let index = 0; index < 3; index += 1) {
    ends.push((ends[index] ?? 0) + ((bytes[2 * index] ?? 0) | ((bytes[2 * index + 1] ?? 0) << 8)));
  }
  if ((ends[3] ?? 0) > bytes.length) return null;
  return [0, 1, 2, 3].map((index) => bytes.subarray(ends[index], ends[index + 1] ?? bytes.length));
}

function decode({ longest, symbols, lengths }: HuffmanTable, bytes: Uint8Array, output: Uint8Array): void {
  const stream = new BackwardBits(bytes);
  const mask = (1 << longest) - 1;
  let state = stream.read(longest);
  for (let index = 0; index < output.length; index += 1) {
    output[index] = symbols[state] ?? 0;
    const length = lengths[state] ?? 0;
    state = ((state << length) | stream.read(length)) & mask;
  }
}

/** Reads the description of a code: weights in nibbles, or in an FSE stream. */
function readHuffman(block: Uint8Array, at: number): { readonly code: HuffmanTable; readonly end: number } | null {
  const header = block[at] ?? 0;
  const start = at + 1;
  if (header < 128) {
    const end = start + header;
    const weights = end > block.length ? null : codedWeights(block.subarray(start, end));
    const code = weights === null ? null : codeOf(weights);
    return code === null ? null : { code, end };
  }
  const weights = Array.from({ length: header - 127 }, (_, index) => {
    const byte = block[start + (index >> 1)] ?? 0;
    return index % 2 === 0 ? byte >> 4 : byte & 15;
  });
  const code = codeOf(weights);
  return code === null ? null : { code, end: start + Math.ceil(weights.length / 2) };
}

/** Reads coded weights: two states alternate until the bits are used up. */
function codedWeights(bytes: Uint8Array): readonly number[] | null {
  const described = readFseTable(bytes, 0, 6, 16);
  if (described === null) return null;
  const { table, end } = described;
  const stream = new BackwardBits(bytes.subarray(end));
  const weights: number[] = [];
  let [state, other] = [stream.read(table.accuracy), stream.read(table.accuracy)];
  while (weights.length < 255) {
    weights.push(table.symbols[state] ?? 0);
    const after = nextState(table, state, stream);
    if (stream.left < 0) {
      weights.push(table.symbols[other] ?? 0);
      return weights;
    }
    [state, other] = [other, after];
  }
  return null;
}

/** Builds a code from its weights. The last weight is not given: it fills the rest of the code space. */
function codeOf(given: readonly number[]): HuffmanTable | null {
  const sum = given.reduce((total, weight) => total + (weight === 0 ? 0 : 2 ** (weight - 1)), 0);
  if (sum === 0 || given.length > 255) return null;
  const longest = Math.floor(Math.log2(sum)) + 1;
  const lastWeight = Math.log2(2 ** longest - sum) + 1;
  if (longest > LONGEST_CODE || !Number.isInteger(lastWeight)) return null;
  const weights = [...given, lastWeight];
  const symbols = new Uint8Array(1 << longest);
  const lengths = new Uint8Array(1 << longest);
  let position = 0;
  // Symbols of the smallest weight have the longest words, which come first.
  for (let weight = 1; weight <= longest; weight += 1) {
    for (const [symbol, own] of weights.entries()) {
      if (own !== weight) continue;
      const end = position + (1 << (weight - 1));
      symbols.fill(symbol, position, end);
      lengths.fill(longest + 1 - weight, position, end);
      position = end;
    }
  }
  return { longest, symbols, lengths };
}

function littleEndian(bytes: Uint8Array, length: number): number {
  let value = 0;
  for (let index = length - 1; index >= 0; index -= 1) value = value * 256 + (bytes[index] ?? 0);
  return value;
}
