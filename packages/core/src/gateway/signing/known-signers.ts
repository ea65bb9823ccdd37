import type { AuthMethod } from '../../connector/auth-method.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { awsSigV4 } from './aws-sigv4.ts';
import type { RequestSigners } from './choose-signing.ts';
import type { RequestSigner } from './request-signer.ts';

const idShape = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** The hub's own signers and the host's, of which one with the id of an own takes its place. Throws `invalid_argument` for one that is none. */
export function knownSigners(ofHost: readonly RequestSigner[]): RequestSigners {
  for (const signer of ofHost) {
    const isWhole = typeof signer?.sign === 'function' && typeof signer.fields === 'object' && signer.fields !== null;
    if (isWhole && typeof signer.id === 'string' && idShape.test(signer.id)) continue;
    throw new PatchbayError({
      code: 'invalid_argument',
      message: 'A signer has no id of lower-case letters, digits and hyphens, no fields or no sign function. Pass { id, fields, sign }.',
    });
  }
  return new Map([awsSigV4(), ...ofHost].map((signer) => [signer.id, signer]));
}

/** Throws `connector_invalid` for a connector whose signer is not there, or that does not give an option that the signer asks for. */
export function checkSigners(signers: RequestSigners, connector: { readonly id: string; readonly auth: readonly AuthMethod[] }): void {
  for (const method of connector.auth) {
    if (method.type !== 'signature') continue;
    const signer = signers.get(method.signer);
    const missing = (signer?.options ?? []).filter((name) => typeof method.options?.[name] !== 'string');
    if (signer && missing.length === 0) continue;
    const fault = signer ? `does not give its signer ${signer.id} the options ${missing.join(', ')}` : `names the signer ${method.signer}`;
    throw new PatchbayError({
      code: 'connector_invalid',
      message: `The connector ${connector.id} ${fault}. Signers that are there: ${[...signers.keys()].join(', ')}; pass others to createHub in signers.`,
    });
  }
}
