import { PatchbayError } from '../errors/patchbay-error.ts';

/** A body that did not come in time. An error of its own, because it has an answer of its own (408). */
export class LateBodyError extends PatchbayError {
  constructor(patienceMs: number) {
    super({
      code: 'body_invalid',
      message: `The body was not complete after ${patienceMs / 1_000} seconds, so the sender was given up.`,
      retryable: true,
    });
  }
}
