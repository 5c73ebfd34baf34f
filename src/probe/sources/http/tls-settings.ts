import { rootCertificates, type SecureContextOptions } from 'node:tls';

import type { Secret } from '../../../model/secret.ts';

/** Which server certificates are trusted. `unchecked` is used only if the operator says so. */
export type Trust =
  | { readonly kind: 'system' }
  /** These authorities replace the built-in ones, which is the meaning of OS_CACERT in OpenStack's clients. */
  | { readonly kind: 'authorities'; readonly pem: string }
  /** The built-in authorities and these. */
  | { readonly kind: 'system-and'; readonly pem: string }
  | { readonly kind: 'unchecked' };

/** Proves to a server who its client is. Both texts are PEM and may be the same. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: Secret;
}

export interface TlsSettings {
  readonly trust: Trust;
  readonly clientCertificate: ClientCertificate | null;
}

export const SYSTEM_TLS: TlsSettings = { trust: { kind: 'system' }, clientCertificate: null };

/** `anonymous`: to servers that the operator did not name, which get no certificate. */
export type Client = 'named' | 'anonymous';

/** The options of `node:tls`. */
export function tlsOptions(
  { trust, clientCertificate }: TlsSettings,
  client: Client,
): Pick<SecureContextOptions, 'ca' | 'cert' | 'key'> & { readonly rejectUnauthorized: boolean } {
  return {
    // Always given, because the environment variable NODE_TLS_REJECT_UNAUTHORIZED must not switch the check off.
    rejectUnauthorized: trust.kind !== 'unchecked',
    ...(trust.kind === 'authorities' ? { ca: trust.pem } : {}),
    ...(trust.kind === 'system-and' ? { ca: [...rootCertificates, trust.pem] } : {}),
    ...(clientCertificate === null || client === 'anonymous'
      ? {}
      : { cert: clientCertificate.cert, key: clientCertificate.key.reveal() }),
  };
}
