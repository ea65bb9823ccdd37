import type { HttpCall } from './http-call.ts';
import { bodyConsumed, bodyTooLarge, readStream } from './read-stream.ts';
import { type HttpOptions, handleCall } from './receive-webhook.ts';

/** The hub as a function from a web `Request` to a `Response`. */
export type Handler = (request: Request) => Promise<Response>;

/** For every framework that speaks web requests: Hono, Next route handlers, Deno-like servers. */
export function createHandler(options: HttpOptions): Handler {
  return async (request) => {
    const reply = (await handleCall(options, callOf(request))) ?? {
      status: 404,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: 'Not found.',
    };
    const empty = reply.body === '' || reply.status === 204 || reply.status === 304;
    return new Response(empty ? null : reply.body, { status: reply.status, headers: reply.headers });
  };
}

function callOf(request: Request): HttpCall {
  return {
    method: request.method,
    pathname: new URL(request.url).pathname,
    headers: Object.fromEntries(request.headers),
    async readBody(limit) {
      if (request.bodyUsed) throw bodyConsumed();
      if (Number(request.headers.get('content-length') ?? 0) > limit) throw bodyTooLarge(limit);
      return request.body ? readStream(request.body, limit) : new Uint8Array();
    },
  };
}
