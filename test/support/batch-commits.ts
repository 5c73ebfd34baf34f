import type { ProxiedConnection, ProxyTarget } from './tcp-proxy.ts';

/**
 * Tells of each COMMIT of a batch that a client sends through a proxy, before it is treated. `nth` counts from 1 on.
 *
 * A transaction is one of a batch if it writes the checkpoint.
 */
export function batchCommits(
  tell: (nth: number, connection: ProxiedConnection) => void,
): NonNullable<ProxyTarget['watch']> {
  const writing = new Set<ProxiedConnection>();
  let seen = 0;
  return (bytes, direction, connection) => {
    if (direction === 'to-client') return;
    if (bytes.includes('INSERT INTO retype_batches')) writing.add(connection);
    if (!writing.has(connection) || !/COMMIT;?\0?$/iu.test(bytes.toString('latin1'))) return;
    writing.delete(connection);
    seen += 1;
    tell(seen, connection);
  };
}
