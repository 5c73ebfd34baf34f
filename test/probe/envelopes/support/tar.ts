/** A member of a tar archive for a test: what its header says, and its data. */
export interface MadeMember {
  readonly name: string;
  readonly type?: string;
  readonly data?: Uint8Array | string;
  /** What the header says; the length of the data where it is left out. */
  readonly size?: number;
  readonly link?: string;
  readonly magic?: 'ustar' | 'none';
  /** Bytes set in the header before it is summed. */
  readonly patches?: readonly (readonly [offset: number, text: string])[];
}

/** One header and the data behind it, padded to 512 bytes. */
export function tarMember(member: MadeMember): Buffer {
  const { name, type = '0', data = '', link = '', magic = 'ustar', patches = [] } = member;
  const content = Buffer.from(data);
  const header = Buffer.alloc(512);
  header.write(name, 0, 'latin1');
  header.write((member.size ?? content.length).toString(8).padStart(11, '0'), 124);
  header.write(' '.repeat(8), 148);
  header.write(type, 156);
  header.write(link, 157, 'latin1');
  if (magic === 'ustar') header.write('ustar\u000000', 257, 'latin1');
  for (const [offset, text] of patches) header.write(text, offset, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return Buffer.concat([header, content, Buffer.alloc(-content.length & 511)]);
}

/** An archive with its end of two blocks of zeros. */
export function tarOf(...members: readonly MadeMember[]): Buffer {
  return Buffer.concat([...members.map(tarMember), Buffer.alloc(1024)]);
}

/** A record of an extended header, whose length counts itself. */
export function paxRecord(keyword: string, value: string): string {
  const rest = ` ${keyword}=${value}\n`;
  let length = rest.length + 1;
  while (`${length}${rest}`.length !== length) length += 1;
  return `${length}${rest}`;
}
