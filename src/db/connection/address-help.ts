import { existsSync } from 'node:fs';
import type { TlsPolicy, TlsSpec } from './spec.ts';

/** What helps to read an address: options of the command line, and where the paths in the address are meant from. */
export interface AddressHelp {
  /** An option file that replaces `read_default_file`; null where none is given. */
  readonly defaultsFile: string | null;
  /** PEM files that replace those of the address; null where not given. */
  readonly tls: TlsFiles;
  /** The root of the container whose configuration holds the address; null for the machine itself. */
  readonly root: string | null;
}

export type TlsFiles = Omit<TlsSpec, 'verify'>;

export const NO_HELP: AddressHelp = {
  defaultsFile: null,
  tls: { caFile: null, certFile: null, keyFile: null },
  root: null,
};

/** One thing that an address says, as `--show-config` shows it. */
export interface Fact {
  readonly name: string;
  /** Never a password. */
  readonly value: string;
  /** Where it is set: `FILE:LINE [section] key`, an option, a variable; `default` where nowhere. */
  readonly source: string;
}

/** A value and where it is set. */
export interface Sourced<T> {
  readonly value: T;
  readonly source: string;
}

export const BY_DEFAULT = 'default';

/** The option that names a PEM file in place of the address. */
export const TLS_OPTION = { caFile: '--tls-ca', certFile: '--tls-cert', keyFile: '--tls-key' } as const;

/** Finds a path of a container's configuration on this machine: inside the container's root if it is there. */
export function hostPath(path: string, root: string | null): string {
  const inside = root === null || !path.startsWith('/') ? null : `${root}${path}`;
  return inside !== null && existsSync(inside) ? inside : path;
}

export type SourcedFiles = { readonly [File in keyof TlsFiles]: Sourced<string> | null };

/** Says which PEM file is meant: that of the option, else the one that the configuration names. */
export function tlsFile(
  kind: keyof TlsFiles,
  named: Sourced<string> | null,
  help: AddressHelp,
): Sourced<string> | null {
  const given = help.tls[kind];
  if (given !== null) return { value: given, source: TLS_OPTION[kind] };
  return named === null ? null : { ...named, value: hostPath(named.value, help.root) };
}

export function secretFact(password: Sourced<unknown> | null): Fact {
  return password === null
    ? { name: 'password', value: 'none', source: BY_DEFAULT }
    : { name: 'password', value: '***', source: password.source };
}

/** @param sources of the policy itself and of each file. */
export function tlsFacts(policy: TlsPolicy, source: string, files: SourcedFiles): readonly Fact[] {
  if (policy.kind === 'off') return [{ name: 'TLS', value: 'no', source }];
  const verified = {
    none: 'the certificate of the server is not verified',
    ca: 'the certificate of the server is verified, its name is not',
    identity: 'the certificate of the server and its name are verified',
  }[policy.tls.verify];
  const value = `${policy.kind === 'prefer' ? 'if the server has it' : 'yes'}; ${verified}`;
  const named = (['caFile', 'certFile', 'keyFile'] as const).flatMap((kind) => {
    const path = policy.tls[kind];
    if (path === null) return [];
    const absent = existsSync(path) ? '' : ` (not found here; ${TLS_OPTION[kind]} names a copy)`;
    return [{ name: TLS_NAME[kind], value: `${path}${absent}`, source: files[kind]?.source ?? BY_DEFAULT }];
  });
  return [{ name: 'TLS', value, source }, ...named];
}

const TLS_NAME = { caFile: 'TLS authority', certFile: 'TLS certificate', keyFile: 'TLS key' } as const;
