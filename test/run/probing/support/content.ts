import { createHash } from 'node:crypto';

import { mbrDisk } from '../../../../scripts/fixtures/payloads/disks.ts';
import type { ImagePayload } from '../../../../src/glance/locations.ts';
import type { ImageEvidence } from '../../../../src/model/image.ts';
import { probe } from '../../../../src/probe/probe.ts';
import type { ByteSource } from '../../../../src/probe/reading/source.ts';
import {
  type ContentReader,
  type ContentReaderParts,
  createContentReader,
  type OpenImage,
} from '../../../../src/run/probing/content-reader.ts';
import { evidence } from '../../../rules/evidence-builder.ts';

export const DISK = mbrDisk(1);
const HASH = { algorithm: 'sha512', value: createHash('sha512').update(DISK).digest('hex') };

export function image(index: number, disk = 'raw'): ImageEvidence {
  return evidence(disk, 'bare', { image: { id: `image-${index}`, size: BigInt(DISK.length) } });
}

export function payload(): ImagePayload {
  return { locations: ['file:///store/image'], checksum: null, hash: HASH };
}

export function opening(source: () => ByteSource): OpenImage {
  return async () => Promise.resolve({ source: source(), accepts: 'random', access: () => 'random' });
}

export function reading(source: () => ByteSource): ContentReader {
  return readerOver(opening(source));
}

export function readerOver(open: OpenImage, parts: Partial<ContentReaderParts> = {}): ContentReader {
  return createContentReader({
    open,
    probe,
    inTurn: (_source, work) => work(),
    known: null,
    sharing: 'equal-images',
    ...parts,
  });
}
