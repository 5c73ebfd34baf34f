import { Unreadable } from '../../reading/reading.ts';
import { type ByteSource, SourceFailure } from '../../reading/source.ts';
import { parseContentRange, parseUnsatisfied } from './content-range.ts';
import { collect, type Connections, discard, type Exchange, LARGEST_PIECE } from './exchange.ts';
import { type Authenticator, fetchOnce, fixedHeaders } from './fetch-once.ts';
import { ForwardStream } from './forward-stream.ts';
import { imageTime, MOST_LATE, type Patience, type PatienceGroup } from './patience.ts';
import { withRetries } from './retry.ts';
import { statusText, TransferFailure } from './transfer-failure.ts';
import { parseWebAddress } from './web-address.ts';

/** What the sources of an endpoint share. */
export interface SharedBySources {
  readonly connections: Connections;
  readonly patience: Patience;
  /** Groups whose server refuses ranges. */
  readonly withoutRanges: Set<string>;
  /** Bytes that one source may receive in total, whether asked for, passed over, or sent again. */
  readonly mostBytes: number;
  /** Called when the server of a lane asks for patience or does not answer in time. */
  readonly onOverload: (lane: string) => void;
}

export interface SourceOptions {
  /** Default: the user and password in the address, if any. */
  readonly authenticator?: Authenticator;
  /**
   * Sources of the same group share what was learnt when a server refused ranges with an error. Default: the origin.
   * With several stores behind one Glance, name the store: only some can be read at random.
   */
  readonly rangeGroup?: string;
  /** Sources of one lane can hold each other up, and no others. Default: the origin. */
  readonly lane?: string;
  /** After several images of this owner took too long, its other images in the lane are not asked for. */
  readonly tenant?: string | null;
  /** The meaning of a status for the operator; null for the common text. */
  readonly explain?: (status: number) => string | null;
}

/** Answers to a range. `whole`: the server sends everything. `refused`: it sends nothing of use. */
type RangeAnswer =
  /** No bytes: the range begins at the end of the image or after it. */
  | Uint8Array
  | { readonly kind: 'whole'; readonly answer: Exchange }
  /** `teaches`: the status applies to every image of the server, so ranges are not tried again. */
  | { readonly kind: 'refused'; readonly teaches: boolean };

/** Statuses that only mean "no ranges" if a request without a range succeeds. Glance over Ceph or Swift answers 400. */
const REFUSALS: ReadonlySet<number> = new Set([400, 405, 416, 501]);

/** Glance 25 answers 500 to a range of an image without a size. Once a range was served, 500 is a fault. */
const FAILS_ON_RANGES = 500;

const GIVEN_UP =
  'not asked for, because several images of the same tenant or server took too long; run again when it answers';

/** Answers to one read. A server may send less than was asked for, but not always less. */
const MOST_PIECES = 4;

/** @throws SourceFailure when the address is not http or https. */
export function httpSource(address: string, options: SourceOptions, shared: SharedBySources): ByteSource {
  const { url, label, basic } = parseWebAddress(address);
  const server = url.origin;
  const { rangeGroup = server, lane = server, tenant = null, explain } = options;
  const { authenticator = fixedHeaders(basic === null ? {} : { authorization: basic }) } = options;
  const { patience, withoutRanges, mostBytes } = shared;
  const life = new AbortController();
  const connections: Connections = { ...shared.connections, end: life.signal };
  const endpoint = shared.connections.end;
  const endWithAll = (): void => life.abort();
  if (endpoint.aborted) endWithAll();
  else endpoint.addEventListener('abort', endWithAll, { once: true });
  const timing = imageTime(life, connections.limits.imageMs);
  const groups: readonly PatienceGroup[] = [
    { name: lane, most: MOST_LATE.server },
    ...(tenant === null ? [] : [{ name: `${lane} of ${tenant}`, most: MOST_LATE.tenant }]),
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
    new SourceFailure(message, { label, status });
  const learn = (told: number, answer?: Exchange): void => {
    if (size === null || size === told) {
      size = told;
      return;
    }
    answer?.destroy();
    throw failure('its size changed while it was read');
  };
  const refusal = async (answer: Exchange): Promise<SourceFailure> => {
    await discard(answer);
    const { status } = answer;
    return new TransferFailure(explain?.(status) ?? statusText(status), { status });
  };
  const before = ({ origin }: URL): void => {
    if (origin !== server && patience.isSpent(redirectedTo(origin))) throw new TransferFailure(GIVEN_UP);
    asked = origin;
    requests += 1;
  };
  const fetch = (range: string | null): Promise<Exchange> => {
    const answer = range !== null && !served ? FAILS_ON_RANGES : null;
    return fetchOnce({ url, authenticator, range, answer, before }, connections);
  };

  const startStream = (): ForwardStream => {
    const start = async (): Promise<Exchange> => {
      const answer = await fetch(null);
      if (answer.status !== 200) throw await refusal(answer);
      return answer;
    };
    return (stream = new ForwardStream({
      start,
      received: (bytes) => (received += bytes),
      sized: (told) => learn(told),
      most: mostBytes,
      left: () => mostBytes - LARGEST_PIECE - received,
    }));
  };

  const repeated = <T>(work: () => Promise<T>): Promise<T> =>
    withRetries(connections.retry, life.signal, async () => {
      try {
        return await work();
      } catch (error) {
        if (error instanceof TransferFailure && error.sign === 'overload') shared.onOverload(lane);
        throw error;
      }
    });

  const askRange = async (offset: number, length: number, room: Uint8Array | undefined): Promise<RangeAnswer> => {
    // Only attempts that failed before can use up so much.
    if (received + length > mostBytes) throw new Unreadable('budget', `${mostBytes} bytes were read`);
    const last = offset + length - 1;
    const answer = await fetch(`bytes=${offset}-${last}`);
    if (answer.status === 206) {
      const range = parseContentRange(answer.headers['content-range']);
      // Bytes of another place are not used: the whole is requested instead.
      if (range === null || range.first !== offset || range.last > last) {
        answer.destroy();
        return { kind: 'refused', teaches: false };
      }
      if (range.size !== null) learn(range.size, answer);
      const given = range.last - offset + 1;
      const body = room?.subarray(0, given) ?? Buffer.allocUnsafe(given);
      const bytes = await collect(answer, body, (count) => (received += count));
      served = true;
      return bytes;
    }
    if (answer.status === 200) return { kind: 'whole', answer };
    if (answer.status === 416) {
      const told = parseUnsatisfied(answer.headers['content-range']);
      await discard(answer);
      if (told !== null) learn(told);
      if (size === null ? offset > 0 : isPast(offset)) return new Uint8Array(0);
      return { kind: 'refused', teaches: false };
    }
    if (!REFUSALS.has(answer.status) && answer.status !== 500) throw await refusal(answer);
    await discard(answer);
    return { kind: 'refused', teaches: answer.status !== 500 };
  };

  const readRanges = async (offset: number, length: number, room: Uint8Array | undefined): Promise<RangeAnswer> => {
    const pieces: Uint8Array[] = [];
    let got = 0;
    while (got < length && !isPast(offset + got)) {
      if (pieces.length === MOST_PIECES) throw failure('the server sends ranges in crumbs');
      const answer = await repeated(() => askRange(offset + got, length - got, room?.subarray(got)));
      if (!(answer instanceof Uint8Array)) return answer;
      if (answer.length === 0) break;
      pieces.push(answer);
      got += answer.length;
    }
    if (room !== undefined) return room.subarray(0, got);
    const [only] = pieces;
    return only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces);
  };

  const read = async (offset: number, length: number, room: Uint8Array | undefined): Promise<Uint8Array> => {
    const clamp = (): number => (size === null ? length : Math.max(0, Math.min(length, size - offset)));
    if (clamp() === 0) return new Uint8Array(0);
    let teaches = false;
    if (stream === null && !withoutRanges.has(rangeGroup)) {
      const answer = await readRanges(offset, clamp(), room);
      if (answer instanceof Uint8Array) return answer;
      if (answer.kind === 'whole') startStream().adopt(answer.answer);
      else teaches = answer.teaches;
    }
    const forward = stream ?? startStream();
    const bytes = await repeated(() => forward.read(offset, clamp()));
    if (teaches) withoutRanges.add(rangeGroup);
    return bytes;
  };

  const ended = (how: 'answered' | 'late'): void => {
    for (const group of asked === server ? groups : [redirectedTo(asked)]) patience.ended(group, how);
  };

  return {
    label,
    lane,
    size: () => size,
    read: async (offset, length, room) => {
      if (closed) throw failure('closed');
      if (requests === 0 && groups.some((group) => patience.isSpent(group))) throw failure(GIVEN_UP);
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
