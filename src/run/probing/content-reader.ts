import type { ImagePayload } from '../../glance/locations.ts';
import type { ImageRecord } from '../../model/image.ts';
import type { SafetyCode } from '../../model/safety.ts';
import type { ContentEvidence, Verdict } from '../../model/verdict.ts';
import { type ByteSource, SourceFailure } from '../../probe/reading/source.ts';
import { type DigestedSource, digestedSource } from '../../probe/cache/digested-source.ts';
import type { KnownVerdict, VerdictCache } from '../../probe/cache/verdict-cache.ts';
import { type Access, contentKey, type ContentKey } from '../../probe/cache/verdict-cache-key.ts';

interface OpenedImage {
  readonly source: ByteSource;
  /** The weakest way of reading whose verdicts are as good as this source's own. */
  readonly accepts: Access;
  /** How it was read; asked after reading. */
  readonly access: () => Access;
}

/**
 * Opens the bytes of an image. `payload` is undefined where the row has disappeared since its page was read.
 * @throws SourceFailure with a reason that is safe to print.
 */
export type OpenImage = (image: ImageRecord, payload: ImagePayload | undefined) => Promise<OpenedImage>;

export interface ContentReaderParts {
  readonly open: OpenImage;
  /** Judges bytes. */
  readonly probe: (source: ByteSource) => Promise<Verdict>;
  /** Runs work that reads a source as soon as there is a place for it. */
  readonly inTurn: <T>(source: ByteSource, work: () => Promise<T>) => Promise<T>;
  /** Verdicts of earlier runs; a cache that fails returns nothing. */
  readonly known: Pick<VerdictCache, 'get' | 'put'> | null;
  /** `none`: every image is read by itself, and nothing is kept. */
  readonly sharing: 'equal-images' | 'none';
}

/** What was read so far. */
export interface ContentCounts {
  readonly read: number;
  /**
   * Images answered by the verdict on bytes of the same checksum, size and head, of this run or an earlier one; their
   * heads were read.
   */
  readonly shared: number;
  readonly unread: number;
  /** Of images read and shared together. */
  readonly requests: number;
  readonly bytes: number;
}

export interface ContentReader {
  /** Never rejects: an image that cannot be read is `unread`. */
  read(image: ImageRecord, payload: ImagePayload | undefined): Promise<ContentEvidence>;
  counts(): ContentCounts;
  /** Aborts all reads under way; their answers are worthless. */
  abandon(): void;
}

/** Verdicts held in memory for later images of equal content; beyond this number the oldest is dropped. */
const REMEMBERED = 4_096;

/**
 * Reads each content once where Glance computed the checksum itself: images of equal checksum and size share a verdict
 * if their heads are equal as well, also while the first is still being read. So no row gets a verdict on bytes that it
 * only claims to have, and an image that cannot be read gets none. Where a source reports a size other than the row's,
 * the checksum does not belong to these bytes; they are read separately and nothing is kept.
 */
export function createContentReader(parts: ContentReaderParts): ContentReader {
  const { open, probe, inTurn, known, sharing } = parts;
  const underWay = new Map<string, Promise<void>>();
  const recent = new Map<string, KnownVerdict>();
  const openSources = new Set<ByteSource>();
  const counts = { read: 0, shared: 0, unread: 0, requests: 0, bytes: 0 };
  let abandoned = false;

  const recall = (key: ContentKey, access: Access): KnownVerdict | null =>
    recent.get(memoryKey(key, access)) ?? known?.get(key, access) ?? null;

  const keep = (key: ContentKey, { accepts, access }: OpenedImage, found: KnownVerdict): void => {
    recent.set(memoryKey(key, accepts), found);
    const [oldest] = recent.keys();
    if (recent.size > REMEMBERED && oldest !== undefined) recent.delete(oldest);
    known?.put(key, access(), found);
  };

  const readAlone = async (image: ImageRecord, source: ByteSource): Promise<Verdict> => {
    const verdict = await inTurn(source, () => probe(source));
    counts.read += 1;
    return sizeOf(source, image) === 'other' ? withSafety(verdict, 'SIZE_MISMATCH') : verdict;
  };

  /** Reads, and keeps the verdict when `key` names the bytes. */
  const readAndKeep = async (
    image: ImageRecord,
    opened: OpenedImage & { readonly source: DigestedSource },
    key: ContentKey,
  ): Promise<Verdict> => {
    const verdict = await readAlone(image, opened.source);
    const head = opened.source.head();
    const isNamed = head !== null && sizeOf(opened.source, image) !== 'other';
    if (isNamed && !abandoned && isLasting(verdict, opened.access())) keep(key, opened, { verdict, head });
    return verdict;
  };

  const readShared = async (image: ImageRecord, opened: OpenedImage, key: ContentKey): Promise<Verdict> => {
    const source = digestedSource(opened.source);
    const name = memoryKey(key, opened.accepts);
    for (let running = underWay.get(name); running !== undefined; running = underWay.get(name)) await running;
    const found = recall(key, opened.accepts);
    if (found !== null) {
      const head = await inTurn(source, () => source.readHead());
      if (head === found.head && sizeOf(source, image) !== 'other') {
        counts.shared += 1;
        return { ...found.verdict, cost: source.cost() };
      }
    }
    const work = readAndKeep(image, { ...opened, source }, key);
    const ended = work.then(
      () => undefined,
      () => undefined,
    );
    underWay.set(name, ended);
    try {
      return await work;
    } finally {
      if (underWay.get(name) === ended) underWay.delete(name);
    }
  };

  return {
    async read(image, payload) {
      const key = sharing === 'none' || payload === undefined ? null : contentKey({ ...payload, size: image.size });
      try {
        const opened = await open(image, payload);
        const { source } = opened;
        openSources.add(source);
        try {
          const isNamed = key !== null && sizeOf(source, image) !== 'other';
          const verdict = await (isNamed ? readShared(image, opened, key) : readAlone(image, source));
          return { kind: 'read', verdict };
        } finally {
          const { requests, bytes } = source.cost();
          counts.requests += requests;
          counts.bytes += bytes;
          openSources.delete(source);
          await source.close().catch(() => undefined);
        }
      } catch (error) {
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

/**
 * Whether reading again in the same way would give the same verdict; one that a forward reading cut short is kept for
 * forward readings alone.
 */
function isLasting(verdict: Verdict, access: Access): boolean {
  return verdict.reach === 'whole' || access === 'forward';
}

/**
 * Words a failure without the label of its source: a report counts images that fail alike, and they share a decision. A
 * prober that breaks on some bytes must not end a run of a million images; the finding names the image.
 */
function reasonOf(error: unknown): string {
  return error instanceof SourceFailure ? error.reason : 'the prober failed on these bytes, which is a bug';
}
