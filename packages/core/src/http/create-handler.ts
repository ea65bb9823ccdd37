import { bodyConsumed } from './body-errors.ts';
import type { HttpCall } from './http-call.ts';
import { readStream } from './read-stream.ts';
import { type HttpOptions, handleCall } from './receive-webhook.ts';
import { notFound } from './reply-of-error.ts';

/** What a server knows of a request besides the request. */
export interface ConnectionFacts {
  /** The address at the other end of the socket, such as `request.socket.remoteAddress` of Node. Without it no list of addresses lets anything in. */
  readonly remoteAddress?: string | undefined;
}

/** The hub as a function from a web `Request` to a `Response`. */
export type Handler = (request: Request, facts?: ConnectionFacts) => Promise<Response>;

/** For every framework that speaks web requests: Hono, Next route handlers, Deno-like servers. */
export function createHandler(options: HttpOptions): Handler {
  return async (request, facts) => {
    const { status, headers, body } = (await handleCall(options, callOf(request, facts))) ?? notFound;
    const empty = body === '' || status === 204 || status === 304;
    return new Response(empty ? null : body, { status, headers });
  };
}

function callOf(request: Request, facts?: ConnectionFacts): HttpCall {
  const { pathname: path, search } = new URL(request.url);
  return {
    method: request.method,
    path,
    originalPath: path,
    query: search.slice(1),
    headers: Object.fromEntries(request.headers),
    // Frameworks hand over what they like as a second argument.
    remoteAddress: typeof facts?.remoteAddress === 'string' ? facts.remoteAddress : undefined,
    async readBody(place) {
      if (request.bodyUsed || request.body?.locked === true) throw bodyConsumed();
      return request.body ? readStream(request.body, place) : new Uint8Array();
    },
  };
}
