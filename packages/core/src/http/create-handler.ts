import type { HttpCall } from './http-call.ts';
import { bodyConsumed, bodyTooLarge, readStream } from './read-stream.ts';
import { type HttpOptions, handleCall } from './receive-webhook.ts';
import { notFound } from './reply-of-error.ts';

/** The hub as a function from a web `Request` to a `Response`. */
export type Handler = (request: Request) => Promise<Response>;

/** For every framework that speaks web requests: Hono, Next route handlers, Deno-like servers. */
export function createHandler(options: HttpOptions): Handler {
  return async (request) => {
    const { status, headers, body } = (await handleCall(options, callOf(request))) ?? notFound;
    const empty = body === '' || status === 204 || status === 304;
    return new Response(empty ? null : body, { status, headers });
  };
}

function callOf(request: Request): HttpCall {
  return {
    method: request.method,
    paths: [new URL(request.url).pathname],
    headers: Object.fromEntries(request.headers),
    async readBody(limit) {
      if (request.bodyUsed || request.body?.locked === true) throw bodyConsumed();
      if (Number(request.headers.get('content-length') ?? 0) > limit) throw bodyTooLarge(limit);
      return request.body ? readStream(request.body, limit) : new Uint8Array();
    },
  };
}
