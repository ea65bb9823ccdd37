import type { ConnectorHttp, HttpAnswer, HttpOptions, ReadOptions, WriteOptions } from '../connector/connector-http.ts';
import { parseWith } from '../connector/parse-with.ts';
import type { RequestPath } from '../connector/path.ts';
import type { Schema, SchemaOutput } from '../connector/schema.ts';
import type { IdempotencyKey } from '../contracts/idempotency.ts';
import type { Json } from '../json/json.ts';
import { checkAnswer } from './check-answer.ts';
import { createSender, type Sender } from './create-sender.ts';
import { encodeQuery } from './encode-query.ts';
import type { GatewayOptions, SessionOptions } from './gateway-options.ts';
import { isWriting, type RawRequest } from './raw-request.ts';
import { readPages } from './read-pages.ts';
import { takeKey } from './take-key.ts';
import { createWritingLog, type WritingLog } from './writing-log.ts';

/** One use of a connection. */
export interface GatewaySession extends Pick<WritingLog, 'hasWritten' | 'mayHaveWritten'> {
  readonly http: ConnectorHttp;
  /** The connection's settings. */
  readonly settings: Readonly<Record<string, Json>>;
  /** The provider's id of the last request, where the connector names its header. */
  readonly requestId: () => string | undefined;
  /** One request as it is, for callers that read status and headers themselves. */
  send(request: RawRequest): Promise<HttpAnswer>;
}

/** An answer and what its schema made of it. */
interface Parsed<S extends Schema> {
  readonly parsed: SchemaOutput<S>;
  readonly answer: HttpAnswer;
}

/**
 * Opens one use of a connection. Everything it sends goes to the connection's pinned origin, with the credential attached last; no
 * redirect is followed. Throws `egress_refused` and `credential_missing` before anything is sent.
 */
export function openSession(gateway: GatewayOptions, session: SessionOptions): GatewaySession {
  const sender = createSender(gateway, session);
  const log = createWritingLog();
  const call = <S extends Schema>(request: RawRequest, response: S) => callService({ gateway, session, sender, log }, request, response);
  return {
    http: connectorHttp(session.key, call),
    settings: session.connection.value.settings,
    send: async (request) => sender.transmit(sender.finish(request)),
    requestId: sender.requestId,
    hasWritten: log.hasWritten,
    mayHaveWritten: log.mayHaveWritten,
  };
}

interface CallParts {
  readonly gateway: GatewayOptions;
  readonly session: SessionOptions;
  readonly sender: Sender;
  readonly log: WritingLog;
}

async function callService<S extends Schema>(parts: CallParts, request: RawRequest, response: S): Promise<Parsed<S>> {
  const { gateway, sender, log } = parts;
  const { definition } = parts.session;
  const finished = sender.finish(request);
  const complete = async (answered: () => void): Promise<Parsed<S>> => {
    const answer = await sender.transmit(finished);
    const body = checkAnswer(gateway, definition, request.method, answer);
    answered();
    const parsed = await parseWith(response, body ?? null, {
      code: 'response_invalid',
      what: `The answer of ${definition.id} to ${request.method} ${request.path.template}`,
      advice: 'The service answers otherwise than the connector expects. Report it to its author.',
    });
    return { parsed, answer };
  };
  return isWriting(request) ? log.follow(complete) : complete(() => undefined);
}

/** A call that its action does not wait for must not end the process when it is taken back. */
function handled<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => undefined);
  return promise;
}

function connectorHttp(
  own: IdempotencyKey | null,
  call: <S extends Schema>(request: RawRequest, response: S) => Promise<Parsed<S>>,
): ConnectorHttp {
  const used: IdempotencyKey[] = [];
  const read = async <S extends Schema>(path: RequestPath, options: ReadOptions<S>): Promise<SchemaOutput<S>> =>
    (await call({ method: 'GET', path, ...picked(options) }, options.response)).parsed;
  const write = async <S extends Schema>(method: string, path: RequestPath, options: WriteOptions<S>): Promise<SchemaOutput<S>> => {
    takeKey(own, used, options.key);
    const body = bodyOf(options);
    return (await call({ method, path, ...picked(options), ...(body ? { body } : {}) }, options.response)).parsed;
  };
  return {
    get: (path, options) => handled(read(path, options)),
    post: (path, options) => handled(write('POST', path, options)),
    put: (path, options) => handled(write('PUT', path, options)),
    patch: (path, options) => handled(write('PATCH', path, options)),
    delete: (path, options) => handled(write('DELETE', path, options)),
    pages: (path, options) =>
      readPages({ path, options, get: (query) => call({ method: 'GET', path, ...picked(options), query }, options.response) }),
  };
}

function picked(options: HttpOptions): HttpOptions {
  return { ...(options.query ? { query: options.query } : {}), ...(options.headers ? { headers: options.headers } : {}) };
}

function bodyOf<S extends Schema>(options: WriteOptions<S>): RawRequest['body'] | undefined {
  if (options.json !== undefined) return { contentType: 'application/json; charset=utf-8', text: JSON.stringify(options.json) };
  if (options.form !== undefined) return { contentType: 'application/x-www-form-urlencoded', text: encodeQuery(options.form) };
  return undefined;
}
