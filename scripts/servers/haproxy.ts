import { mkdtempSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { endSupervised, freePort, requireBinary, superviseServer, untilReady } from './private-server.ts';

/** HAProxy on 127.0.0.1 before the nodes of a cluster, in TCP mode: it passes bytes on and knows nothing of what they mean. */
export interface Haproxy {
  /** Everything goes to the first node, and to the next one when it is down, as before an OpenStack cloud. */
  readonly writerPort: number;
  /** Each connection goes to the next node. */
  readonly roundRobinPort: number;
  stop(): Promise<void>;
}

/** @param ports of the nodes, root without a password. @throws Error that names a missing Debian package. */
export async function startHaproxy(ports: readonly number[]): Promise<Haproxy> {
  const program = requireBinary(['/usr/sbin/haproxy', '/usr/local/sbin/haproxy'], 'haproxy');
  const directory = mkdtempSync(join(tmpdir(), 'glance-retype-haproxy-'));
  const [writerPort, roundRobinPort] = [await freePort(), await freePort()];
  const file = join(directory, 'haproxy.cfg');
  const nodes = (words: string): string =>
    ports
      .map((port, index) => `  server node${index} 127.0.0.1:${port} check inter 500 ${index > 0 ? words : ''}`)
      .join('\n');
  writeFileSync(
    file,
    `global
  maxconn 500
defaults
  mode tcp
  retries 3
  option redispatch
  option mysql-check user root post-41
  timeout connect 10s
  timeout check 20s
  timeout client 1m
  timeout server 1m
  default-server on-marked-down shutdown-sessions
listen writer
  bind 127.0.0.1:${writerPort}
${nodes('backup')}
listen round-robin
  bind 127.0.0.1:${roundRobinPort}
  balance roundrobin
${nodes('')}
`,
  );
  const child = superviseServer([program, '-db', '-f', file], directory, {}, 'TERM');
  const stop = async (): Promise<void> => endSupervised(child, directory);
  try {
    await untilReady(child, 30, async () => untilGreeted(writerPort));
  } catch (error) {
    await stop();
    throw error;
  }
  return { writerPort, roundRobinPort, stop };
}

/** Resolves when a server behind the port says something first, as MySQL's do. */
async function untilGreeted(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => resolve());
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('HAProxy has no server to give')));
    socket.once('data', () => socket.destroy());
  });
}
