import type { ProxiedConnection, ProxyTarget } from './tcp-proxy.ts';

/**
 * Tells of each COMMIT that a client sends through a proxy, before it is treated, of those that belong to transactions with a marked
 * statement. `nth` counts from 1 on.
 *
 * @param mark finds the SQL of the transactions in question.
 */
export function commitsAfter(
  mark: RegExp,
  tell: (nth: number, connection: ProxiedConnection) => void,
): NonNullable<ProxyTarget['watch']> {
  const writing = new Set<ProxiedConnection>();
  let seen = 0;
  return (bytes, direction, connection) => {
    if (direction === 'to-client') return;
    if (mark.test(bytes.toString('latin1'))) writing.add(connection);
    if (!writing.has(connection) || !/COMMIT;?\0?$/iu.test(bytes.toString('latin1'))) return;
    writing.delete(connection);
    seen += 1;
    tell(seen, connection);
  };
}
