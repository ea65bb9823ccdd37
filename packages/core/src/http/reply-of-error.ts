import { isPatchbayError } from '../errors/patchbay-error.ts';
import { ContentTypeError, MethodError, TooManyRequestsError } from '../webhooks/inbound/door/door-errors.ts';
import type { HttpReply } from './http-call.ts';
import { LateBodyError } from './late-body-error.ts';

const text = { 'content-type': 'text/plain; charset=utf-8' };

/** The answer for a path that is none of the hub's, where nobody else is there to ask. */
export const notFound: HttpReply = { status: 404, headers: text, body: 'Not found.' };

/** The answer to a method that asks nothing which is answered here. */
export const onlyPost: HttpReply = { status: 405, headers: { ...text, allow: 'POST' }, body: 'Only POST.' };

/**
 * What an error is answered with. A stranger learns nothing: a refusal has one body whatever its reason. Who has signed is told what is wrong
 * with the delivery, for services show it to the person who set the webhook up, and a fault of the host's own set-up (`body_consumed`) is explained.
 */
export function replyOfError(error: unknown): HttpReply {
  if (error instanceof LateBodyError) return { status: 408, headers: text, body: 'The body did not come in time.' };
  if (error instanceof ContentTypeError) return { status: 415, headers: text, body: error.message };
  if (error instanceof MethodError) return onlyPost;
  if (error instanceof TooManyRequestsError) return tooMany(error.retryAfterMs);
  const { code, message } = isPatchbayError(error) ? error : { code: 'internal', message: '' };
  switch (code) {
    case 'signature_refused':
      return { status: 401, headers: text, body: 'refused' };
    case 'body_invalid':
      return { status: 400, headers: text, body: message };
    case 'invalid_event':
    case 'unknown_trigger':
      return { status: 422, headers: text, body: message };
    case 'body_too_large':
      return { status: 413, headers: text, body: 'The body is too large.' };
    case 'body_consumed':
      return { status: 500, headers: text, body: message };
    case 'overloaded':
    case 'not_ready':
    case 'stopped':
    case 'storage_unavailable':
    case 'timeout':
      return { status: 503, headers: { ...text, 'retry-after': '1' }, body: 'Try again in a second.' };
    default:
      return { status: 500, headers: text, body: 'Something went wrong here. Not all of it was accepted.' };
  }
}

function tooMany(retryAfterMs: number | undefined): HttpReply {
  const seconds = Math.max(1, Math.ceil((retryAfterMs ?? 0) / 1_000));
  return { status: 429, headers: { ...text, 'retry-after': `${seconds}` }, body: 'Too many requests.' };
}
