/** What the other end of a new connection reports before any setting is made. */
export interface Greeting {
  /** Thread id of the handshake, 32 bits. */
  readonly threadId: number;
  /** Version of the handshake. */
  readonly handshakeVersion: string;
  /** CONNECTION_ID(), 64 bits, as text. */
  readonly connectionId: string;
  /** VERSION(). */
  readonly version: string;
  /** @@version_comment, read by the exact statement that ProxySQL answers itself. */
  readonly comment: string;
}

/**
 * Names the proxy between this tool and the server that speaks MySQL's protocol itself: it hands a server connection,
 * with its settings, from one client to the next. null for a server, also behind a proxy that only forwards bytes
 * (HAProxy in TCP mode).
 *
 * A server greets with the number that CONNECTION_ID() returns, a proxy with a number of its own. The numbers may be
 * equal by chance, so version and comment are compared as well.
 */
export function sharingProxy(greeting: Greeting): string | null {
  const named = /ProxySQL|MaxScale|RDS ?Proxy|MySQL ?Router/i.exec(`${greeting.handshakeVersion} ${greeting.comment}`);
  if (named !== null) return named[0];
  const sameThread = BigInt.asUintN(32, BigInt(greeting.connectionId)) === BigInt(greeting.threadId);
  // MariaDB prefixes its version in the greeting, for old replicas.
  const sameVersion = greeting.handshakeVersion.replace(/^5\.5\.5-/, '') === greeting.version;
  return sameThread && sameVersion ? null : 'a proxy that speaks for the server';
}
