/** Makes bytes of numbers with so many bits each, the most significant bit first. */
export function bitsOf(fields: readonly (readonly [value: number, width: number])[]): Uint8Array {
  const bits = fields.map(([value, width]) => value.toString(2).padStart(width, '0')).join('');
  return Uint8Array.from({ length: Math.ceil(bits.length / 8) }, (_, index) =>
    Number.parseInt(bits.slice(index * 8, index * 8 + 8).padEnd(8, '0'), 2),
  );
}

/**
 * Makes a stream that is read from its end: `bits` in the order in which they are read, behind the mark that ends the
 * stream.
 */
export function backwards(bits: string): Uint8Array {
  const marked = `1${bits}`;
  const padded = marked.padStart(Math.ceil(marked.length / 8) * 8, '0');
  return Uint8Array.from({ length: padded.length / 8 }, (_, index) =>
    Number.parseInt(padded.slice(index * 8, index * 8 + 8), 2),
  ).toReversed();
}
