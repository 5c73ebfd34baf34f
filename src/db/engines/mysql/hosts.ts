import { connect as connectSocket, isIP, type Socket } from 'node:net';
import type { Connection } from 'mysql2';
import { RetypeError } from '../../../model/error.ts';
import type { ServerAddress } from '../../connection/spec.ts';
import { driverError } from '../../driver-error.ts';
import { POOLED_MS } from './session.ts';
import { classifyMysqlError } from './errors.ts';

/** The hosts of one address. They are nodes of one cluster: what one of them has committed is on all of them. */
export interface Hosts {
  /** The host that answered last; at first the first of the list. */
  current(): ServerAddress;
  /**
   * Calls `connect` with each host until one succeeds: first with the host in use, so that the program does not move
   * without need, then with the others in the order of the address. Several calls may run at the same time.
   *
   * @param another whether such a failure concerns that host alone.
   * @throws the failure itself where it does not, or where there is no other host; else one error that names each
   *   host's failure.
   */
  connect<T>(connect: (host: ServerAddress) => Promise<T>, another: (failure: unknown) => boolean): Promise<T>;
}

export function createHosts(hosts: readonly [ServerAddress, ...ServerAddress[]]): Hosts {
  let current: ServerAddress = hosts[0];
  return {
    current: () => current,
    async connect(connect, another) {
      const start = hosts.indexOf(current);
      const failures = new Map<ServerAddress, unknown>();
      for (const host of [...hosts.slice(start), ...hosts.slice(0, start)]) {
        try {
          const connection = await connect(host);
          current = host;
          return connection;
        } catch (failure) {
          if (hosts.length === 1 || !another(failure)) throw failure;
          failures.set(host, failure);
        }
      }
      throw allFailed(failures);
    },
  };
}

/** `db1:3306`, `[::1]:3306`. */
export function hostText({ host, port }: ServerAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Keeps the code and number of the last failure, because they classify the error. */
function allFailed(failures: ReadonlyMap<ServerAddress, unknown>): Error {
  const seen = [...failures].map(([host, failure]) => ({ host, ...driverError(failure) }));
  const texts = seen.map(
    ({ host, message, code }) => `${hostText(host)}: ${message === '' ? (code ?? 'unknown') : message}`,
  );
  const { code, errno } = seen.at(-1) ?? {};
  return Object.assign(new Error(texts.join('; ')), {
    ...(code === null ? {} : { code }),
    ...(errno === null ? {} : { errno }),
  });
}

/** The part of knex's client that makes and checks connections (lib/client.js, lib/dialects/mysql, knex 3.3.0). */
export interface PooledClient {
  connectionSettings: object;
  readonly pool: { on(event: 'release', handler: (connection: object) => void): void };
  acquireRawConnection(): Promise<Connection>;
  validateConnection(connection: Connection): boolean;
}

/**
 * Lets the pool connect to the first host that accepts it. The pool then hands out no connection to a host that is no
 * longer used, and none that has been idle for so long that the server may have closed it.
 */
export function connectToHosts(
  client: PooledClient,
  settings: object,
  hosts: Hosts,
  prepare: (native: Connection) => Promise<void>,
): void {
  const connect = client.acquireRawConnection.bind(client);
  const validate = client.validateConnection.bind(client);
  const hostOf = new WeakMap<object, ServerAddress>();
  const idleSince = new WeakMap<object, number>();
  client.pool.on('release', (connection) => idleSince.set(connection, performance.now()));
  client.validateConnection = (native) =>
    validate(native) &&
    hostOf.get(native) === hosts.current() &&
    performance.now() - (idleSince.get(native) ?? Number.POSITIVE_INFINITY) < POOLED_MS;
  client.acquireRawConnection = async () =>
    hosts.connect(async (host) => {
      client.connectionSettings =
        'socketPath' in settings ? settings : { ...settings, ...host, ...verifiedByAddress(host) };
      const native = await connect();
      hostOf.set(native, host);
      try {
        await prepare(native);
      } catch (error) {
        // Not the driver's own destroy(), which waits for the other side.
        (native as unknown as { readonly stream: Socket }).stream.destroy();
        throw error;
      }
      return native;
    }, worthAnotherHost);
}

/** For a host named by its IP address mysql2 checks the certificate against this name, by default `localhost`. */
function verifiedByAddress({ host, port }: ServerAddress): { stream?: () => Socket } {
  return isIP(host) === 0
    ? {}
    : { stream: () => Object.assign(connectSocket({ host, port, noDelay: true, keepAlive: true }), { _host: host }) };
}

/** A refused login is not: every host refuses it, and some servers count the attempts. */
function worthAnotherHost(failure: unknown): boolean {
  const kind = failure instanceof RetypeError ? 'fatal' : classifyMysqlError(failure);
  return kind === 'unreachable' || kind === 'connection-lost';
}
