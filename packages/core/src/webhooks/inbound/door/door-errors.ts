import { PatchbayError } from '../../../errors/patchbay-error.ts';

/** More requests without a good signature than a URL or an address may send. */
export class TooManyRequestsError extends PatchbayError {
  constructor(retryAfterMs: number) {
    super({
      code: 'rate_limited',
      message: 'More requests came without a good signature than are looked at. Send again later.',
      retryable: true,
      retryAfterMs,
    });
  }
}

/** A request that is neither a delivery nor a challenge. */
export class MethodError extends PatchbayError {
  constructor() {
    super({ code: 'unsupported', message: 'Only POST.' });
  }
}

/** A body of a kind that this webhook does not take. */
export class ContentTypeError extends PatchbayError {
  constructor() {
    super({
      code: 'body_invalid',
      message: 'The content type is none that this webhook takes. Have the service send application/json.',
    });
  }
}
