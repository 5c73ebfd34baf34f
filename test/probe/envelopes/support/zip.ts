/** A file of a zip archive for a test. */
export interface MadeEntry {
  readonly name: string;
  readonly data: Uint8Array;
  readonly method?: number;
  /** Size once expanded; that of the data where it is left out. */
  readonly size?: number;
  readonly flags?: number;
}

const local = ({ name, data, method = 0, size = data.length, flags = 0 }: MadeEntry): Buffer => {
  const header = Buffer.alloc(30);
  header.write('PK\u0003\u0004', 'latin1');
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(flags, 6);
  header.writeUInt16LE(method, 8);
  header.writeUInt32LE(data.length, 18);
  header.writeUInt32LE(size, 22);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, Buffer.from(name), data]);
};

const central = ({ name, data, method = 0, size = data.length, flags = 0 }: MadeEntry, at: number): Buffer => {
  const header = Buffer.alloc(46);
  header.write('PK\u0001\u0002', 'latin1');
  header.writeUInt16LE(flags, 8);
  header.writeUInt16LE(method, 10);
  header.writeUInt32LE(data.length, 20);
  header.writeUInt32LE(size, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt32LE(at, 42);
  return Buffer.concat([header, Buffer.from(name)]);
};

/** Local headers with their data, the directory, and the end record. */
export function zipOf(...entries: readonly MadeEntry[]): Buffer {
  const places: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const bytes = local(entry);
    directory.push(central(entry, at));
    places.push(bytes);
    at += bytes.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...places, listed, end]);
}
