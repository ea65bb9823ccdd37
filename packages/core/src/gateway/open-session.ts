import type { ConnectorHttp, HttpAnswer, HttpOptions, WriteOptions } from '../connector/connector-http.ts';
import { parseWith } from '../connector/parse-with.ts';
import { isRequestPath, type RequestPath } from '../connector/path.ts';
import type { Schema, SchemaOutput } from '../connector/schema.ts';
import type { IdempotencyKey } from '../contracts/idempotency.ts';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import type { Json } from '../json/json.ts';
import { attachmentOf } from './attach-credential.ts';
import { checkAnswer } from './check-answer.ts';
import { encodeQuery } from './encode-query.ts';
import type { GatewayOptions, SessionOptions } from './gateway-options.ts';
import { readPages } from './read-pages.ts';
import { requestHeaders } from './request-headers.ts';
import { resolveOrigin } from './resolve-origin.ts';
import { scrubAnswer, secretTexts } from './scrub-answer.ts';

/** One use of a connection. */
export interface GatewaySession {
  readonly http: ConnectorHttp;
  /** The connection's settings. */
  readonly settings: Readonly<Record<string, Json>>;
  /** The provider's id of the last request, where the connector names its header. */
  readonly requestId: () => string | undefined;
  /** True once a writing request has been answered with success: what fails afterwards does not undo it. */
  readonly hasWritten: () => boolean;
  /** True once a writing request may have reached the provider without our knowing what became of it. */
  readonly mayHaveWritten: () => boolean;
  /** One request as it is, for callers that read status and headers themselves. */
  send(request: RawRequest): Promise<HttpAnswer>;
}

/** A request before credential and origin are added. */
export interface RawRequest extends HttpOptions {
  readonly method: string;
  readonly path: RequestPath;
  readonly body?: { readonly contentType: string; readonly text: string };
}

const reading: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Opens one use of a connection. Everything it sends goes to the connection's pinned origin, with the credential attached last; no
 * redirect is followed. Throws `egress_refused` and `credential_missing` before anything is sent.
 */
export function openSession(gateway: GatewayOptions, session: SessionOptions): GatewaySession {
  const { definition, connection } = session;
  const origin = resolveOrigin(definition.origin, connection.value.settings);
  const attachment = attachmentOf(definition.auth, session.credential);
  const basePath = definition.basePath ?? '';
  const secrets = secretTexts(session.credential);
  const usedKeys: IdempotencyKey[] = [];
  let requestId: string | undefined;
  let written = false;
  let uncertain = false;

  const send = async (request: RawRequest): Promise<HttpAnswer> => {
    if (!isRequestPath(request.path))
      throw new PatchbayError({
        code: 'invalid_argument',
        message: 'A path is made with the path tag, never from a plain string.',
        sent: 'no',
      });
    refuseLate(gateway, session);
    const query = encodeQuery(request.query, attachment.query);
    const headers = requestHeaders(definition.headers ?? {}, request.headers ?? {});
    if (request.body) headers.push('content-type', request.body.contentType);
    if (attachment.header) headers.push(attachment.header[0], attachment.header[1]);
    const startedAt = gateway.clock.monotonic();
    let status: number | null = null;
    try {
      const received = await gateway.network.request({
        origin,
        path: `${basePath}${request.path.value}${query === '' ? '' : `?${query}`}`,
        method: request.method,
        headers,
        body: request.body?.text,
        signal: session.signal,
        timeouts: { totalMs: Math.max(1, session.deadline() - startedAt) },
        maxResponseBytes: gateway.maximumResponseBytes,
      });
      const answer = scrubAnswer(received, secrets);
      status = answer.status;
      const header = definition.requestIdHeader === undefined ? undefined : answer.headers[definition.requestIdHeader];
      if (typeof header === 'string') requestId = header.slice(0, 200);
      return answer;
    } finally {
      const { tenant } = session;
      const { clock, notify } = gateway;
      notify('api.requested', {
        tenant,
        connectionId: connection.id,
        method: request.method,
        pathTemplate: `${basePath}${request.path.template}`,
        status,
        durationMs: clock.monotonic() - startedAt,
        at: clock.now(),
      });
    }
  };

  const call = async <S extends Schema>(
    request: RawRequest,
    response: S,
  ): Promise<{ readonly parsed: SchemaOutput<S>; readonly answer: HttpAnswer }> => {
    const writes = !reading.has(request.method);
    try {
      const answer = await send(request);
      const body = checkAnswer(gateway, definition, request.method, answer);
      if (writes) written = true;
      const parsed = await parseWith(response, body ?? null, {
        code: 'response_invalid',
        what: `The answer of ${definition.id} to ${request.method} ${request.path.template}`,
        advice: 'The service answers otherwise than the connector expects. Report it to its author.',
      });
      return { parsed, answer };
    } catch (error) {
      if (writes && isPatchbayError(error)) {
        if (error.code === 'response_invalid') written = true;
        if (error.sent === 'maybe') uncertain = true;
      }
      throw error;
    }
  };

  const write = async <S extends Schema>(method: string, path: RequestPath, options: WriteOptions<S>): Promise<SchemaOutput<S>> => {
    takeKey(session, usedKeys, options);
    const body = bodyOf(options);
    return (await call({ method, path, ...picked(options), ...(body ? { body } : {}) }, options.response)).parsed;
  };

  const http: ConnectorHttp = {
    get: async (path, options) => (await call({ method: 'GET', path, ...picked(options) }, options.response)).parsed,
    post: (path, options) => write('POST', path, options),
    put: (path, options) => write('PUT', path, options),
    patch: (path, options) => write('PATCH', path, options),
    delete: (path, options) => write('DELETE', path, options),
    pages: (path, options) =>
      readPages({ path, options, get: (query) => call({ method: 'GET', path, ...picked(options), query }, options.response) }),
  };
  return {
    http,
    settings: connection.value.settings,
    send,
    requestId: () => requestId,
    hasWritten: () => written,
    mayHaveWritten: () => uncertain,
  };
}

function refuseLate(gateway: GatewayOptions, session: SessionOptions): void {
  if (session.signal.aborted) {
    const reason: unknown = session.signal.reason;
    const code = isPatchbayError(reason) && reason.code === 'lease_lost' ? 'lease_lost' : 'aborted';
    throw new PatchbayError({ code, message: 'The call was taken back before it was sent.', retryable: true, sent: 'no' });
  }
  if (gateway.clock.monotonic() < session.deadline()) return;
  throw new PatchbayError({
    code: 'lease_lost',
    message: 'The time for this call is over, so it is not sent: another worker may have it.',
    retryable: true,
    sent: 'no',
  });
}

/** An action makes one writing request with the dispatch's own key; a further one must carry a child key, so that a repeat is recognised. */
function takeKey<S extends Schema>(session: SessionOptions, used: IdempotencyKey[], options: WriteOptions<S>): void {
  if (session.key === null) return;
  const key = options.key ?? session.key;
  // A key's value costs a hash, and most actions write once: the first is only remembered.
  if (used.some((each) => each.value === key.value)) {
    throw new PatchbayError({
      code: 'invalid_argument',
      message: 'An action makes at most one writing request with one key. Pass key: key.child(name) to each further one.',
      sent: 'no',
    });
  }
  used.push(key);
}

function picked(options: HttpOptions): HttpOptions {
  return { ...(options.query ? { query: options.query } : {}), ...(options.headers ? { headers: options.headers } : {}) };
}

function bodyOf<S extends Schema>(options: WriteOptions<S>): RawRequest['body'] | undefined {
  if (options.json !== undefined) return { contentType: 'application/json; charset=utf-8', text: JSON.stringify(options.json) };
  if (options.form !== undefined) return { contentType: 'application/x-www-form-urlencoded', text: encodeQuery(options.form) };
  return undefined;
}
