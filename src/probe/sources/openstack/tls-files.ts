import { homedir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';

import { readBounded } from '../../../model/bounded-file.ts';
import type { Problem } from '../../../model/error.ts';
import { Secret } from '../../../model/secret.ts';
import type { ClientCertificate, TlsSettings, Trust } from '../http/tls-settings.ts';
import { type Environment, environmentSettings, refuse, type Setting, type Settings } from './openstack-settings.ts';

/** The authorities of a whole operating system have some 250 KB. */
const LARGEST_FILE = 1024 * 1024;

/**
 * Reads the files that `cacert`, `cert` and `key` name, and the switch `verify`. As in openstacksdk
 * (openstack/config/cloud_region.py, get_requests_verify_args), `cert` alone holds certificate and key together, and
 * `key` alone is ignored. What is wrong goes to `problems`.
 */
export function readTls(settings: Settings, home: string, problems: Problem[]): TlsSettings {
  return {
    trust: readTrust(settings, home, problems),
    clientCertificate: readClientCertificate(settings, home, problems),
  };
}

/**
 * TLS for servers that need no login: by OS_CACERT, OS_CERT and OS_KEY alone.
 *
 * @param use `any-server`: addresses may belong to anybody, so OS_CACERT adds to the built-in authorities instead of
 *   replacing them.
 * @throws RetypeError CREDENTIALS with all that is wrong.
 */
export function environmentTls(env: Environment, use: 'one-cloud' | 'any-server'): TlsSettings {
  const { OS_CACERT: cacert, OS_CERT: cert, OS_KEY: key } = env;
  const problems: Problem[] = [];
  const settings = environmentSettings({ OS_CACERT: cacert, OS_CERT: cert, OS_KEY: key });
  const { trust, clientCertificate } = readTls(settings, homedir(), problems);
  refuse(problems);
  if (use === 'one-cloud' || trust.kind !== 'authorities') return { trust, clientCertificate };
  return { trust: { kind: 'system-and', pem: `${trust.pem}\n${nodesOwn(env)}` }, clientCertificate };
}

/** Node reads NODE_EXTRA_CA_CERTS only while no authorities are given, and ignores a file that it cannot read. */
function nodesOwn({ NODE_EXTRA_CA_CERTS: path = '' }: Environment): string {
  try {
    return path === '' ? '' : readBounded(path, LARGEST_FILE).toString('utf8');
  } catch {
    return '';
  }
}

function readTrust(settings: Settings, home: string, problems: Problem[]): Trust {
  if (settings.values.get('verify')?.value.toLowerCase() === 'false') return { kind: 'unchecked' };
  const setting = settings.values.get('cacert');
  if (setting === undefined) return { kind: 'system' };
  const pem = readPem(setting, { home, part: '-----BEGIN ', missing: 'no certificate in it' }, problems);
  return pem === null ? { kind: 'system' } : { kind: 'authorities', pem };
}

function readClientCertificate(settings: Settings, home: string, problems: Problem[]): ClientCertificate | null {
  const certSetting = settings.values.get('cert');
  if (certSetting === undefined) return null;
  const keySetting = settings.values.get('key') ?? certSetting;
  const wanted = { home, part: '-----BEGIN CERTIFICATE', missing: 'no certificate in it' };
  const cert = readPem(certSetting, wanted, problems);
  if (cert === null && keySetting === certSetting) return null;
  const key = readPem(keySetting, { home, part: 'PRIVATE KEY-----', missing: 'no private key in it' }, problems);
  if (cert === null || key === null) return null;
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    const found = pairFault((error as NodeJS.ErrnoException).code ?? '');
    const { place } = keySetting;
    problems.push({ place, expected: 'the private key of the certificate', found, advice: 'correct it' });
    return null;
  }
  return { cert, key: new Secret(key) };
}

function pairFault(code: string): string {
  if (code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH') return 'the key of another certificate';
  if (/PASSPHRASE|PASSWORD|DECRYPT/u.test(code)) return 'a key that is encrypted';
  return `something else (${/^[A-Z0-9_]{1,60}$/u.test(code) ? code : 'unreadable'})`;
}

/** Reads a file that must hold the text `part`. */
function readPem(
  { value, place }: Setting,
  { home, part, missing }: { readonly home: string; readonly part: string; readonly missing: string },
  problems: Problem[],
): string | null {
  const path = value.startsWith('~/') ? join(home, value.slice(2)) : value;
  try {
    const pem = readBounded(path, LARGEST_FILE).toString('utf8');
    if (pem.includes(part)) return pem;
    problems.push({ place, expected: 'a PEM file', found: missing, advice: 'correct it' });
  } catch (error) {
    const found = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    problems.push({ place, expected: 'a readable PEM file', found, advice: 'correct the path' });
  }
  return null;
}
