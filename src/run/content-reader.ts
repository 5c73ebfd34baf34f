import type { ImagePayload } from '../glance/locations.ts';
import type { ImageRecord } from '../model/image.ts';
import type { SafetyCode } from '../model/safety.ts';
import type { ContentEvidence, Verdict } from '../model/verdict.ts';
import { type ByteSource, SourceFailure } from '../probe/source.ts';
import { type Access, contentKey, type ContentKey } from '../probe/cache/verdict-cache-key.ts';
import { boundedMemory } from './bounded-memory.ts';

/** An image's bytes, ready to be read. */
interface OpenedImage {
  readonly source: ByteSource;
  /** The weakest way of reading whose verdicts are as good as this source's own. */
  readonly accepts: Access;
  /** How it was read; asked after reading. */
  readonly access: () => Access;
}

/**
 * Opens the bytes of an image. `payload` is undefined where the row has gone since its page was read.
 * @throws SourceFailure with a reason that is safe to print.
 */
export type OpenImage = (image: ImageRecord, payload: ImagePayload | undefined) => Promise<OpenedImage>;

/** Bytes to verdict. */
export type ProbeBytes = (source: ByteSource) => Promise<Verdict>;

/** Verdicts of earlier runs; a cache that fails says nothing. */
export interface KnownVerdicts {
  get(key: ContentKey, access: Access): Verdict | null;
  put(key: ContentKey, access: Access, verdict: Verdict): void;
}

/** What looking into images came to so far. */
export interface ContentCounts {
  readonly read: number;
  /** Answered by the verdict on another image of the same checksum and size, of this run or an earlier one. */
  readonly shared: number;
  readonly unread: number;
  readonly requests: number;
  readonly bytes: number;
}

export interface ContentReader {
  /** Never rejects: what cannot be read is `unread`. */
  read(image: ImageRecord, payload: ImagePayload | undefined): Promise<ContentEvidence>;
  counts(): ContentCounts;
  /** Breaks off what is being read; the answers of those reads are worth nothing. */
  abandon(): void;
}

/** Verdicts held in memory for images of equal content that come later; beyond it the oldest is forgotten. */
const REMEMBERED = 4_096;

/**
 * Reads images once per content: Glance's checksum and size name the bytes, so equal ones share a verdict, also while the first is
 * still being read. Where a source says another size than the row, the checksum is not that of these bytes; they are read by
 * themselves and nothing is kept.
 */
export function createContentReader(open: OpenImage, probe: ProbeBytes, known: KnownVerdicts | null): ContentReader {
  const underWay = new Map<string, Promise<Verdict | null>>();
  const recent = boundedMemory<Verdict>(REMEMBERED);
  const openSources = new Set<ByteSource>();
  const counts = { read: 0, shared: 0, unread: 0, requests: 0, bytes: 0 };
  let abandoned = false;

  const recall = (key: ContentKey, access: Access): Verdict | null =>
    recent.get(memoryKey(key, access)) ?? known?.get(key, access) ?? null;

  const keep = (key: ContentKey, accepts: Access, access: Access, verdict: Verdict): void => {
    recent.set(memoryKey(key, accepts), verdict);
    known?.put(key, access, verdict);
  };

  /** Reads the bytes, and keeps the verdict when `key` names them. */
  const readBytes = async (image: ImageRecord, opened: OpenedImage, key: ContentKey | null): Promise<Verdict> => {
    const verdict = await probe(opened.source);
    counts.requests += verdict.cost.requests;
    counts.bytes += verdict.cost.bytes;
    if (sizeOf(opened.source, image) === 'other') return withSafety(verdict, 'SIZE_MISMATCH');
    if (key !== null && !abandoned && isLasting(verdict, opened.access()))
      keep(key, opened.accepts, opened.access(), verdict);
    return verdict;
  };

  const readShared = async (image: ImageRecord, opened: OpenedImage, key: ContentKey): Promise<ContentEvidence> => {
    const name = memoryKey(key, opened.accepts);
    for (let running = underWay.get(name); running !== undefined; running = underWay.get(name)) {
      const verdict = await running;
      if (verdict !== null) return serve(verdict);
    }
    const found = recall(key, opened.accepts);
    if (found !== null) return serve(found);
    const work = readBytes(image, opened, key);
    // Those who wait get the verdict only where it holds for their bytes as well.
    underWay.set(
      name,
      work.then(
        () => recent.get(name),
        () => null,
      ),
    );
    try {
      const verdict = await work;
      counts.read += 1;
      return { kind: 'read', verdict };
    } finally {
      underWay.delete(name);
    }
  };

  const serve = (verdict: Verdict): ContentEvidence => {
    counts.shared += 1;
    return { kind: 'read', verdict: { ...verdict, cost: { requests: 0, bytes: 0 } } };
  };

  const readOpened = async (
    image: ImageRecord,
    opened: OpenedImage,
    key: ContentKey | null,
  ): Promise<ContentEvidence> => {
    if (key !== null && sizeOf(opened.source, image) !== 'other') return readShared(image, opened, key);
    const verdict = await readBytes(image, opened, null);
    counts.read += 1;
    return { kind: 'read', verdict };
  };

  return {
    async read(image, payload) {
      const key = contentKey({
        size: image.size,
        checksum: payload?.checksum ?? null,
        hash: payload?.hash ?? null,
      });
      try {
        const opened = await open(image, payload);
        openSources.add(opened.source);
        try {
          return await readOpened(image, opened, key);
        } finally {
          openSources.delete(opened.source);
          await opened.source.close().catch(() => undefined);
        }
      } catch (error) {
        const found = key === null ? null : recall(key, 'random');
        if (found !== null) return serve(found);
        counts.unread += 1;
        return { kind: 'unread', why: reasonOf(error) };
      }
    },
    counts: () => ({ ...counts }),
    abandon() {
      abandoned = true;
      for (const source of openSources) source.close().catch(() => undefined);
    },
  };
}

function memoryKey({ algorithm, digest, size }: ContentKey, access: Access): string {
  return `${access} ${algorithm} ${digest} ${size}`;
}

function sizeOf(source: ByteSource, image: ImageRecord): 'same' | 'other' | 'unknown' {
  const size = source.size();
  if (size === null || image.size === null) return 'unknown';
  return BigInt(size) === image.size ? 'same' : 'other';
}

function withSafety(verdict: Verdict, code: SafetyCode): Verdict {
  return verdict.safety.includes(code) ? verdict : { ...verdict, safety: [...verdict.safety, code].toSorted() };
}

/** Whether another reading in the same way would come to the same; what a forward reading missed is kept for forward readings alone. */
function isLasting(verdict: Verdict, access: Access): boolean {
  return verdict.reach === 'whole' || access === 'forward';
}

/**
 * Without the label, for a report counts images that fail alike, and they share a decision. A reader that breaks on some bytes must not
 * end a run of a million images; the finding names the image.
 */
function reasonOf(error: unknown): string {
  return error instanceof SourceFailure ? error.reason : 'the prober failed on these bytes, which is a bug';
}
