import type { ServerAddress } from '../connection-spec.ts';

/** The hosts of one address. They are nodes of one cluster: what one of them has committed is on all of them. */
export interface Hosts {
  /** The one that answered last; at first the first of the list. */
  current(): ServerAddress;
  /**
   * Hands the hosts to `connect` until one of them takes the connection: first the one in use, so that nobody moves without need, then
   * the others in the order of the address. Two that connect at the same time may do so side by side.
   *
   * @param another whether such a failure is one of that host alone.
   * @throws the failure itself where it is not, or where there is no other host; else one that tells of each host.
   */
  connect<T>(connect: (host: ServerAddress) => Promise<T>, another: (failure: unknown) => boolean): Promise<T>;
}

export function createHosts(hosts: readonly [ServerAddress, ...ServerAddress[]]): Hosts {
  let current: ServerAddress = hosts[0];
  return {
    current: () => current,
    async connect(connect, another) {
      const start = hosts.indexOf(current);
      const failures: unknown[] = [];
      for (const host of [...hosts.slice(start), ...hosts.slice(0, start)]) {
        try {
          const connection = await connect(host);
          current = host;
          return connection;
        } catch (failure) {
          if (hosts.length === 1 || !another(failure)) throw failure;
          failures.push(failure);
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

/** Keeps code and number of the last failure, by which it is classified. */
function allFailed(failures: readonly unknown[]): unknown {
  const last = failures.at(-1);
  const texts = failures.map((failure) => {
    if (!(failure instanceof Error)) return String(failure);
    return failure.message === '' ? String((failure as NodeJS.ErrnoException).code) : failure.message;
  });
  const { code, errno } = last instanceof Error ? (last as NodeJS.ErrnoException) : {};
  return Object.assign(new Error([...new Set(texts)].join('; ')), { code, errno });
}
