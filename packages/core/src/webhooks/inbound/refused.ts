import { PatchbayError } from '../../errors/patchbay-error.ts';

/** The one refusal: the same for an unknown URL, a missing secret, a missing signature and a wrong one. */
export function refused(): PatchbayError {
  return new PatchbayError({ code: 'signature_refused', message: 'The request is refused.' });
}
