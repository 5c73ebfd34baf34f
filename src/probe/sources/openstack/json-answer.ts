import { discard, exchange, type Exchange, type OutgoingRequest } from '../http/exchange.ts';
import { passingStatus, withRetries } from '../http/retry.ts';
import { TransferFailure } from '../http/transfer-failure.ts';
import type { Connections } from '../http/connections.ts';

/** A whole answer of an API. `body` is null unless it was JSON. */
export interface JsonAnswer {
  readonly status: number;
  readonly headers: Exchange['headers'];
  readonly body: unknown;
}

/** The catalogue of a large cloud has some hundred kilobytes. */
const LARGEST_BODY = 8 * 1024 * 1024;

/** Sends a request of an API, with retries; redirects are not followed, because a body may hold a password. @throws TransferFailure */
export function askJson(
  request: { readonly url: URL; readonly headers: Readonly<Record<string, string>>; readonly body: string | null },
  connections: Connections,
): Promise<JsonAnswer> {
  const outgoing: OutgoingRequest = {
    ...request,
    guard: null,
    headers: {
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'glance-retype',
      ...(request.body === null ? {} : { 'content-type': 'application/json' }),
      ...request.headers,
    },
  };
  return withRetries(connections.retry, connections.end, async () => {
    const answer = await exchange(outgoing, connections);
    const passing = passingStatus(answer.status, answer.headers['retry-after'], connections.retry);
    if (passing !== null) {
      await discard(answer);
      throw passing;
    }
    return { status: answer.status, headers: answer.headers, body: await readJson(answer, connections.limits.imageMs) };
  });
}

async function readJson(answer: Exchange, withinMs: number): Promise<unknown> {
  const pieces: Uint8Array[] = [];
  const deadline = performance.now() + withinMs;
  let length = 0;
  for (let piece = await answer.next(); piece !== null; piece = await answer.next()) {
    pieces.push(piece);
    length += piece.length;
    if (length > LARGEST_BODY || performance.now() > deadline) {
      answer.destroy();
      throw new TransferFailure('the answer is too long', { kind: 'never' });
    }
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8')) as unknown;
  } catch {
    return null;
  }
}
