import { PatchbayError } from '../errors/patchbay-error.ts';

/** The error of a body beyond the limit. */
export function bodyTooLarge(limit: number): PatchbayError {
  return new PatchbayError({
    code: 'body_too_large',
    message: `The body is larger than ${limit} bytes. Raise maximumBodyBytes if the service sends so much.`,
  });
}

/** The error of a body that somebody has read before. */
export function bodyConsumed(): PatchbayError {
  return new PatchbayError({
    code: 'body_consumed',
    message:
      'The request body was read before it reached the hub, so its signature cannot be checked. Mount the hub before body parsers ' +
      '(Express: before express.json; Fastify: in a scope whose content type parser leaves the body unread), or pass the raw bytes as request.rawBody.',
  });
}

/** The error of a body whose sender has gone. */
export function bodyBrokenOff(cause: unknown): PatchbayError {
  return new PatchbayError({ code: 'body_invalid', message: 'The sender ended the connection before its body was complete.', cause });
}
