import type { SignatureScheme } from '../signature-scheme.ts';

/** What a scheme is called in manifests and in the capability matrix: `hmac-sha256`, `timestamped-hmac-sha256`, `standard-webhooks`. */
export function schemeName(scheme: SignatureScheme): string {
  if (scheme.kind === 'hmac') return `${timed(scheme)}hmac-${scheme.hash}`;
  return scheme.kind === 'ed25519' ? `${timed(scheme)}ed25519` : scheme.kind;
}

const timed = ({ time }: { readonly time?: unknown }): string => (time === undefined ? '' : 'timestamped-');
