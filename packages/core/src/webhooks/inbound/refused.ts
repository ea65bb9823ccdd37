import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { RefusalReason } from '../../notices/webhook-notices.ts';

/** The one refusal: code and message are the same for all. Its reason is for the notice alone, and in none of its forms. */
export class RefusedError extends PatchbayError {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason) {
    super({ code: 'signature_refused', message: 'The request is refused.' });
    this.reason = reason;
  }
}

/** The one refusal: the same for an unknown URL, a missing secret, a missing signature and a wrong one. */
export function refused(reason: RefusalReason): RefusedError {
  return new RefusedError(reason);
}
