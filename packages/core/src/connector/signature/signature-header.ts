import type { SignatureScheme } from '../signature-scheme.ts';

/** Name of the header that holds a signature or the secret itself, lower case; `undefined` for a scheme that puts them into the body. */
export function signatureHeader(scheme: SignatureScheme): string | undefined {
  switch (scheme.kind) {
    case 'standard-webhooks':
      return `${scheme.headers}-signature`;
    case 'body-token':
    case 'aws-sns':
      return undefined;
    default:
      return scheme.header;
  }
}
