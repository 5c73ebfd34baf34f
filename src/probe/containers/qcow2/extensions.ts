import type { Fields } from '../../reading/fields.ts';
import { Unreadable } from '../../reading/reading.ts';
import type { Observations } from '../format/observations.ts';
import type { Qcow2Header } from './header.ts';
import { isRemoteName, LONGEST_NAME, REMOTE_NAME_SEEN } from '../format/remote-name.ts';

const END = 0;
/** Name of the external data file. */
const DATA_FILE_NAME = 0x44415441;

/**
 * Walks the header extensions: type BE32, length BE32, data padded to 8 bytes, from the end of the header to the backing file name or
 * the end of the first cluster (QEMU docs/interop/qcow2.rst, "Header extensions"). Only the name of a data file matters here.
 *
 * @throws Unreadable malformed where one reaches out of that area, or none ends it within `head`.
 */
export function inspectExtensions(head: Fields, header: Qcow2Header, notes: Observations): void {
  const cluster = 2 ** header.clusterBits;
  const area = header.backingOffset === 0n ? cluster : Number(header.backingOffset);
  const end = head.upTo(0, area).length;
  let offset = header.headerLength;
  while (offset + 8 <= end) {
    const type = head.u32be(offset);
    if (type === END) return;
    const length = head.u32be(offset + 4);
    if (length > end - offset - 8) {
      throw new Unreadable('malformed', `a header extension at ${offset} is longer than its area`);
    }
    if (type === DATA_FILE_NAME) {
      notes.warn('EXTERNAL_DATA_FILE', offset, 'header extension with the name of a data file');
      const name = head.slice(offset + 8, offset + 8 + Math.min(length, LONGEST_NAME));
      if (isRemoteName(name)) notes.warn('REMOTE_NAME', offset + 8, REMOTE_NAME_SEEN);
    }
    offset += 8 + Math.ceil(length / 8) * 8;
  }
  if (end < area) throw new Unreadable('malformed', 'the header extensions have no end');
}
