import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyConsumed } from './body-errors.ts';
import type { BodyPlace } from './create-body-room.ts';
import type { HttpCall, HttpReply } from './http-call.ts';
import { readNodeStream } from './read-node-stream.ts';
import { type HttpOptions, handleCall } from './receive-webhook.ts';
import { notFound } from './reply-of-error.ts';

/** A request of Node, with what frameworks put on it. */
export interface NodeRequest extends IncomingMessage {
  /** Express: the path before a mount took its part off. */
  readonly originalUrl?: string;
  /** The raw bytes, where a framework has read and kept them. */
  readonly rawBody?: unknown;
  /** What a body parser made of the body. */
  readonly body?: unknown;
}

/** The hub as a handler for `node:http` and Express. `next` is called for paths that are not the hub's; without it they get 404. */
export type NodeHandler = (request: NodeRequest, response: ServerResponse, next?: (error?: unknown) => void) => void;

/** Feeds the same function as the web handler, without building a `Request` and a `Response` (9 us a pair, measured). */
export function createNodeHandler(options: HttpOptions): NodeHandler {
  return (request, response, next) => {
    // Only a response that somebody else has begun, or a logger that throws, can get here; a crash of the host must not follow.
    answer(options, request, response, next).catch(() => response.destroy());
  };
}

async function answer(
  options: HttpOptions,
  request: NodeRequest,
  response: ServerResponse,
  next?: (error?: unknown) => void,
): Promise<void> {
  const reply = await handleCall(options, callOf(request));
  if (!reply && next) return next();
  send(request, response, reply ?? notFound);
}

function send(request: NodeRequest, response: ServerResponse, { status, headers, body }: HttpReply): void {
  // A body that was not read would stand before the connection's next request.
  const { 'content-length': length, 'transfer-encoding': chunked } = request.headers;
  const unread = !request.complete && (chunked !== undefined || Number(length ?? 0) > 0);
  // A refusal ends it always, so that nobody learns from it whether the body was read first.
  const ends = unread || status === 401;
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body), ...(ends ? { connection: 'close' } : {}) });
  response.end(body);
}

function callOf(request: NodeRequest): HttpCall {
  const { url = '/', originalUrl = url } = request;
  return {
    method: request.method ?? 'GET',
    path: pathOf(url),
    originalPath: pathOf(originalUrl),
    query: url.includes('?') ? url.slice(url.indexOf('?') + 1) : '',
    headers: flatHeaders(request),
    remoteAddress: request.socket.remoteAddress,
    readBody: (place) => readBody(request, place),
  };
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

function flatHeaders(request: NodeRequest): Record<string, string> {
  const headers: Record<string, string> = {};
  const { rawHeaders = [] } = request;
  const given = Object.entries(request.headers);
  // Of some headers that came twice Node keeps the first and says nothing.
  const each = rawHeaders.length > given.length * 2 ? request.headersDistinct : undefined;
  for (const [name, value] of given) {
    const all = each?.[name];
    // What the host has changed stays as the host has it.
    if (typeof value === 'string') headers[name] = all && all[0] === value ? all.join(', ') : value;
    else if (value !== undefined) headers[name] = value.join(', ');
  }
  return headers;
}

async function readBody(request: NodeRequest, place: BodyPlace): Promise<Uint8Array> {
  const kept = rawBytes(request.rawBody) ?? (Buffer.isBuffer(request.body) ? request.body : undefined);
  if (kept) {
    place.take(kept.byteLength);
    return kept;
  }
  if (request.readableDidRead || request.readableEnded || request.destroyed) throw bodyConsumed();
  return readNodeStream(request, place);
}

function rawBytes(kept: unknown): Uint8Array | undefined {
  if (kept instanceof Uint8Array) return kept;
  return typeof kept === 'string' ? Buffer.from(kept, 'utf8') : undefined;
}
