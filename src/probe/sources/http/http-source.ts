import { Unreadable } from '../../reading/reading.ts';
import { type ByteSource, SourceFailure } from '../../reading/source.ts';
import type { Authenticator } from './authenticator.ts';
import type { Connections } from './connections.ts';
import { parseContentRange, parseUnsatisfied } from './content-range.ts';
import { collect, discard, type Exchange, LARGEST_PIECE } from './exchange.ts';
import { fetchOnce } from './fetch-once.ts';
import { ForwardStream } from './forward-stream.ts';
import { imageTime } from './image-time.ts';
import { MOST_LATE, type Patience, type PatienceGroup } from './patience.ts';
import { withRetries } from './retry.ts';
import { statusText, TransferFailure } from './transfer-failure.ts';

export interface HttpSourceParts {
  readonly url: URL;
  readonly label: string;
  readonly connections: Connections;
  readonly authenticator: Authenticator;
  /** Whether the server refuses ranges, shared by the sources of a group. */
  readonly ranges: { readonly refused: () => boolean; readonly refuse: () => void };
  /** Bytes that this source may receive in total, whether asked for, passed over, or sent again. */
  readonly mostBytes: number;
  readonly patience: Patience;
  /** See `ByteSource.lane`. */
  readonly lane: string;
  /** The owner, whose images cannot use up the patience for the whole lane. */
  readonly tenant: string | null;
  readonly explain: (status: number) => string | null;
  /** Called when the server asks for patience or does not answer in time. */
  readonly onOverload: () => void;
}

/** Answers to a range. `whole`: the server sends everything. `refused`: it sends nothing of use. */
type RangeAnswer =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'past-the-end' }
  | { readonly kind: 'whole'; readonly answer: Exchange }
  /** `teaches`: the status applies to every image of the server, so ranges are not tried again. */
  | { readonly kind: 'refused'; readonly teaches: boolean };

/** Statuses that only mean "no ranges" if a request without a range succeeds. Glance over Ceph or Swift answers 400. */
const REFUSALS: ReadonlySet<number> = new Set([400, 405, 416, 501]);

/**
 * Glance 25 answers 500 to a range of an image without a size. After one range was served, 500 is a fault that may
 * pass.
 */
const FAILS_ON_RANGES: ReadonlySet<number> = new Set([500]);
const NO_STATUS: ReadonlySet<number> = new Set();

/** Answers to one read. A server may send less than was asked for, but not always less. */
const MOST_PIECES = 4;

export function httpSource(parts: HttpSourceParts): ByteSource {
  const life = new AbortController();
  const connections: Connections = { ...parts.connections, end: life.signal };
  const endpoint = parts.connections.end;
  const endWithAll = (): void => life.abort();
  if (endpoint.aborted) endWithAll();
  else endpoint.addEventListener('abort', endWithAll, { once: true });
  const timing = imageTime(life, connections.limits.imageMs);
  const server = parts.url.origin;
  const groups: readonly PatienceGroup[] = [
    { name: parts.lane, most: MOST_LATE.server },
    ...(parts.tenant === null ? [] : [{ name: `${parts.lane} of ${parts.tenant}`, most: MOST_LATE.tenant }]),
  ];
  /** The group of a server that a redirect leads to. */
  const redirectedTo = (origin: string): PatienceGroup => ({ name: `led to ${origin}`, most: MOST_LATE.tenant });
  /** The origin of the last request. */
  let asked = server;
  let requests = 0;
  let received = 0;
  let size: number | null = null;
  let stream: ForwardStream | null = null;
  let closed = false;
  let served = false;

  const isPast = (offset: number): boolean => size !== null && offset >= size;
  const failure = (message: string, status: number | null = null): SourceFailure =>
    new SourceFailure(message, { label: parts.label, status });
  const learn = (told: number): void => {
    if (size !== null && size !== told) throw failure('its size changed while it was read');
    size = told;
  };
  const learnFrom = (answer: Exchange, told: number): void => {
    try {
      learn(told);
    } catch (error) {
      answer.destroy();
      throw error;
    }
  };
  const refusal = async (answer: Exchange): Promise<SourceFailure> => {
    await discard(answer);
    return new TransferFailure(
      parts.explain(answer.status) ?? statusText(answer.status),
      { kind: 'never' },
      answer.status,
    );
  };
  const before = (url: URL): void => {
    if (url.origin !== server && parts.patience.isSpent(redirectedTo(url.origin))) throw givenUp();
    asked = url.origin;
    requests += 1;
  };
  const fetch = (range: string | null): Promise<Exchange> => {
    const answers = range !== null && !served ? FAILS_ON_RANGES : NO_STATUS;
    const wanted = { url: parts.url, authenticator: parts.authenticator, range, answers, before };
    return fetchOnce(wanted, connections);
  };

  const startStream = (): ForwardStream => {
    const start = async (): Promise<Exchange> => {
      const answer = await fetch(null);
      if (answer.status !== 200) throw await refusal(answer);
      return answer;
    };
    const supply = {
      start,
      received: (bytes: number) => (received += bytes),
      sized: learn,
      left: () => parts.mostBytes - LARGEST_PIECE - received,
    };
    return (stream = new ForwardStream(supply));
  };

  const repeated = <T>(work: () => Promise<T>): Promise<T> =>
    withRetries(connections.retry, life.signal, async () => {
      try {
        return await work();
      } catch (error) {
        if (error instanceof TransferFailure && error.sign === 'overload') parts.onOverload();
        throw error;
      }
    });

  const askRange = async (offset: number, length: number, room: Uint8Array | undefined): Promise<RangeAnswer> => {
    // Only attempts that failed before can use up so much.
    if (received + length > parts.mostBytes) throw new Unreadable('budget', `${parts.mostBytes} bytes were read`);
    const last = offset + length - 1;
    const answer = await fetch(`bytes=${offset}-${last}`);
    if (answer.status === 206) {
      const range = parseContentRange(answer.headers['content-range']);
      // Bytes of another place are not used: the whole is requested instead.
      if (range === null || range.first !== offset || range.last > last) {
        answer.destroy();
        return { kind: 'refused', teaches: false };
      }
      if (range.size !== null) learnFrom(answer, range.size);
      const wanted = { length: range.last - offset + 1, room };
      const bytes = await collect(answer, wanted, (count) => (received += count));
      served = true;
      return { kind: 'bytes', bytes };
    }
    if (answer.status === 200) return { kind: 'whole', answer };
    if (answer.status === 416) {
      const told = parseUnsatisfied(answer.headers['content-range']);
      await discard(answer);
      if (told !== null) learn(told);
      if (size === null ? offset > 0 : offset >= size) return { kind: 'past-the-end' };
      return { kind: 'refused', teaches: false };
    }
    if (!REFUSALS.has(answer.status) && answer.status !== 500) throw await refusal(answer);
    await discard(answer);
    return { kind: 'refused', teaches: answer.status !== 500 };
  };

  const readRanges = async (
    offset: number,
    length: number,
    room: Uint8Array | undefined,
  ): Promise<Uint8Array | RangeAnswer> => {
    const pieces: Uint8Array[] = [];
    let got = 0;
    while (got < length && !isPast(offset + got)) {
      if (pieces.length === MOST_PIECES) throw failure('the server sends ranges in crumbs');
      const answer = await repeated(() => askRange(offset + got, length - got, room?.subarray(got)));
      if (answer.kind === 'past-the-end') break;
      if (answer.kind !== 'bytes') return answer;
      pieces.push(answer.bytes);
      got += answer.bytes.length;
    }
    if (room !== undefined) return room.subarray(0, got);
    const [only] = pieces;
    return only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces);
  };

  const read = async (offset: number, length: number, room: Uint8Array | undefined): Promise<Uint8Array> => {
    const clamp = (): number => (size === null ? length : Math.max(0, Math.min(length, size - offset)));
    if (clamp() === 0) return new Uint8Array(0);
    let teaches = false;
    if (stream === null && !parts.ranges.refused()) {
      const answer = await readRanges(offset, clamp(), room);
      if (answer instanceof Uint8Array) return answer;
      if (answer.kind === 'whole') startStream().adopt(answer.answer);
      else teaches = answer.kind === 'refused' && answer.teaches;
    }
    const forward = stream ?? startStream();
    const bytes = await repeated(() => forward.read(offset, clamp()));
    if (teaches) parts.ranges.refuse();
    return bytes;
  };

  const ended = (how: 'answered' | 'late'): void => {
    for (const group of asked === server ? groups : [redirectedTo(asked)]) parts.patience.ended(group, how);
  };

  return {
    label: parts.label,
    lane: parts.lane,
    size: () => size,
    read: async (offset, length, room) => {
      if (closed) throw failure('closed');
      if (requests === 0 && groups.some((group) => parts.patience.isSpent(group))) throw failure(givenUp().message);
      try {
        await connections.loaded;
        const bytes = await timing(() => read(offset, length, room));
        ended('answered');
        return bytes;
      } catch (error) {
        if (!(error instanceof TransferFailure)) throw error;
        if (error.sign === 'overload') ended('late');
        throw failure(error.message, error.status);
      }
    },
    cost: () => ({ requests, bytes: received }),
    close: () => {
      closed = true;
      endpoint.removeEventListener('abort', endWithAll);
      life.abort();
      stream?.close();
      return Promise.resolve();
    },
  };
}

function givenUp(): TransferFailure {
  return new TransferFailure(
    'not asked for, because several images of the same tenant or server took too long; run again when it answers',
    { kind: 'never' },
  );
}
