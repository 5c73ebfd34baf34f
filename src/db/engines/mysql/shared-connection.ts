/** What the other end of a new connection said before anything was set on it. */
export interface Greeting {
  /** Thread id of the handshake, 32 bits. */
  readonly threadId: number;
  /** Version of the handshake. */
  readonly handshakeVersion: string;
  /** CONNECTION_ID(), 64 bits, as text. */
  readonly connectionId: string;
  /** VERSION(). */
  readonly version: string;
  /** @@version_comment, asked for in the words that ProxySQL answers itself. */
  readonly comment: string;
}

/**
 * Who stands between this tool and the server and speaks MySQL's protocol there: such a proxy gives a server's connection to one client
 * after another, settings and all. null for a server itself, also behind a proxy that passes bytes on (HAProxy in TCP mode).
 *
 * A server greets with the number that CONNECTION_ID() gives; a proxy greets with a number of its own. The numbers may be equal by
 * chance, so its version and comment count as well.
 */
export function sharingProxy(greeting: Greeting): string | null {
  const named = /ProxySQL|MaxScale|RDS ?Proxy|MySQL ?Router/i.exec(`${greeting.handshakeVersion} ${greeting.comment}`);
  if (named !== null) return named[0];
  const sameThread = BigInt.asUintN(32, BigInt(greeting.connectionId)) === BigInt(greeting.threadId);
  // MariaDB greets old replicas with a prefix.
  const sameVersion = greeting.handshakeVersion.replace(/^5\.5\.5-/, '') === greeting.version;
  return sameThread && sameVersion ? null : 'a proxy that speaks for the server';
}
