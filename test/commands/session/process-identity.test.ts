import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';

import { isDeadProcess, leaseHolder } from '../../../src/commands/session/process-identity.ts';

describe('who a process is', () => {
  const { host, process: own } = leaseHolder('test');
  const [boot = '', namespace = '', pid = '', tick = ''] = own.split('/');

  it('is told by machine, namespace of process ids, process id and start', () => {
    expect([host, pid, namespace]).toEqual([hostname(), String(process.pid), expect.stringMatching(/^\d+$/u)]);
    expect(isDeadProcess(host, own)).toBe(false);
  });

  it('is known to be gone when the machine has no such process, or another of that number', () => {
    expect(isDeadProcess(host, `${boot}/${namespace}/4194305/${tick}`)).toBe(true);
    expect(isDeadProcess(host, `${boot}/${namespace}/${pid}/${Number(tick) - 1}`)).toBe(true);
  });

  it.each([
    ['another machine', 'elsewhere', `${boot}/${namespace}/4194305/${tick}`],
    ['another boot', host, `another/${namespace}/4194305/${tick}`],
    ['another namespace', host, `${boot}/1/4194305/${tick}`],
    ['a machine that does not say', host, `unknown/${namespace}/4194305/${tick}`],
    ['a namespace that it does not say', host, `${boot}/unknown/4194305/${tick}`],
    ['a version without namespaces', host, `${boot}/4194305/${tick}`],
    ['a process whose start was not to be had', host, `${boot}/${namespace}/4194305/gone`],
    ['anybody', host, 'p'],
  ])('is not known of %s', (_of, machine, token) => {
    expect(isDeadProcess(machine, token)).toBe(false);
  });

  it.runIf(mayUnshare())('is not known of a process in another namespace of this machine', () => {
    const token = startedApart();
    const [otherBoot, otherNamespace, otherPid] = token.split('/');
    expect([otherBoot, otherPid]).toEqual([boot, '1']);
    expect(otherNamespace).not.toBe(namespace);
    // It has ended. Without its namespace, process 1 of this machine would have been asked for.
    expect(isDeadProcess(host, token)).toBe(false);
  });
});

const UNSHARE = ['--pid', '--fork', '--mount-proc', ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'])];

function mayUnshare(): boolean {
  const may = spawnSync('unshare', [...UNSHARE, 'true']).status === 0;
  if (!may) process.stderr.write('this machine does not let us make a PID namespace: that part is NOT tested\n');
  return may;
}

/** Lets a process in a PID namespace of its own say who it is. */
function startedApart(): string {
  const source = readFileSync(new URL('../../../src/commands/session/process-identity.ts', import.meta.url), 'utf8');
  const { code } = transformSync(`${source}\nconsole.log(leaseHolder('test').process);`, { loader: 'ts' });
  const args = [...UNSHARE, process.execPath, '--input-type=module', '--eval', code];
  return execFileSync('unshare', args, { encoding: 'utf8' }).trim();
}
