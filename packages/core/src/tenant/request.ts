import type { CacheUse, HttpAnswer, StreamedAnswer, StreamOptions } from '../connector/connector-http.ts';
import type { RequestPath } from '../connector/path.ts';
import type { QueryValue } from '../connector/query-value.ts';
import type { RequestBodyKinds } from '../connector/request-body.ts';
import type { Transforms } from '../connector/transform.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import { answerHeaders } from '../gateway/answer-headers.ts';
import { canRepeat, type RawRequest } from '../gateway/raw-request.ts';
import { requestBody } from '../gateway/request-body.ts';
import { streamLimits } from '../gateway/stream-limits.ts';
import { connectionRow } from './connection-row.ts';
import { knownConnection } from './known-connection.ts';
import { isRenewed, type OpenedConnection, openConnection, openHeldConnection } from './open-connection.ts';
import { requireFeature } from './tenant-plan.ts';
import type { TenantScope } from './tenant-services.ts';
import { withinCall } from './within-call.ts';

/** A request of the host through a connection. */
export interface GatewayRequest extends RequestBodyKinds {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Made with the `path` tag: each value is one segment. Below the connector's base path. */
  readonly path: RequestPath;
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Name of one of the connector's `hosts`. @default the connection's own origin */
  readonly host?: string;
  readonly signal?: AbortSignal;
  /** Milliseconds for the whole call. @default 30,000, and 3,600,000 where the body or the answer is a stream */
  readonly timeoutMs?: number;
  /**
   * Whether a GET or HEAD that fails for a moment of the network's or the service's is sent again, at most twice (`retry.quickRetries`) and within its
   * time. Nothing else ever is. @default true
   */
  readonly retry?: boolean;
  /** For a GET: whether its answer may be kept and used again. @default it is not kept */
  readonly cache?: CacheUse;
  /** Change this request and its good answer; those of the hub and of the connector come after and before. @default none */
  readonly transform?: Transforms;
}

/** A request of the host whose answer is read as it comes. */
export interface StreamedGatewayRequest extends GatewayRequest, Pick<StreamOptions, 'maximumBytes' | 'idleMs'> {
  readonly response: 'stream';
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Milliseconds for a call, and for one with a stream; it may not wait longer for its turn than a call without. */
const usualMs = 30_000;
const longestStreamMs = 3_600_000;

/**
 * One authenticated request to the connection's pinned origin: synchronous, no dispatch, the caller's own to repeat. Answers any status.
 * Throws a `PatchbayError` whose `sent` says whether it can have happened.
 */
export async function gatewayRequest(scope: TenantScope, reference: string, request: GatewayRequest): Promise<HttpAnswer> {
  const answer = await exchange(scope, reference, { request, send: (session, raw) => session.send(raw) });
  return { ...answer, headers: answerHeaders(answer.headers) };
}

/** The same with an answer that is read as it comes; an error's body has been collected. */
export function streamedRequest(scope: TenantScope, reference: string, request: StreamedGatewayRequest): Promise<StreamedAnswer> {
  return exchange(scope, reference, { request, send: (session, raw) => session.stream(raw, streamLimits(request)) });
}

interface Exchange<Answer> {
  readonly request: GatewayRequest & { readonly response?: 'stream' };
  readonly send: (session: OpenedConnection, raw: RawRequest) => Promise<Answer>;
}

async function exchange<Answer extends { readonly status: number }>(
  scope: TenantScope,
  reference: string,
  { request, send }: Exchange<Answer>,
): Promise<Answer> {
  if (!methods.includes(request.method))
    throw new PatchbayError({ code: 'invalid_argument', message: `The method is one of ${methods.join(', ')}.`, sent: 'no' });
  const raw = rawRequest(request);
  const signal = request.signal ?? new AbortController().signal;
  const isStream = request.response === 'stream' || !canRepeat(raw);
  const timeoutMs = request.timeoutMs ?? (isStream ? longestStreamMs : usualMs);
  const time = { clock: scope.clock, endsAt: scope.clock.monotonic() + timeoutMs, signal };
  const use = {
    author: 'host',
    signal,
    timeoutMs,
    endsAt: time.endsAt,
    mayRetry: request.retry ?? true,
    ...(isStream ? { maximumWaitMs: Math.min(usualMs, timeoutMs) } : {}),
    ...(request.transform ? { transforms: request.transform } : {}),
  } as const;
  const { row, session } = await withinCall(time, opened(scope, reference, use));
  const first = await send(session, raw);
  if (first.status !== 401 || !canRepeat(raw)) return first;
  // A refused credential means that nothing has happened. What a stream gave is gone.
  const again = await withinCall(time, openedAgain(scope, { row, used: session.secretVersion }, use)).catch(unlessTooLate);
  return again === null ? first : await send(again, raw);
}

type Use = Parameters<typeof openConnection>[2];

async function opened(scope: TenantScope, reference: string, use: Use) {
  await scope.ready();
  const known = await knownConnection(scope, reference);
  const row = known?.connection ?? (await connectionRow(scope, reference));
  await requireFeature(scope, 'gateway');
  return { row, session: await (known ? openHeldConnection(scope, known, use) : openConnection(scope, row, use)) };
}

/** With a credential that is another than the one that was refused; `null` where there is none. */
async function openedAgain(scope: TenantScope, refused: { readonly row: Row<'connection'>; readonly used: number }, use: Use) {
  const { row, used } = refused;
  if (!(await isRenewed(scope, row, used))) return null;
  // What it is confined to may be another by now.
  return openConnection(scope, await connectionRow(scope, row.id), use);
}

/** The service's own answer says more than that there was no time to renew the token. */
function unlessTooLate(error: unknown): null {
  if (isPatchbayError(error) && error.code === 'timeout') return null;
  throw error;
}

function rawRequest(request: GatewayRequest & { readonly response?: 'stream' }): RawRequest {
  const { method, path, query, headers, host, cache, response } = request;
  const body = requestBody(request);
  return {
    method,
    path,
    ...(query ? { query } : {}),
    ...(headers ? { headers } : {}),
    // What is read as it comes is not kept.
    ...(cache === undefined || response === 'stream' ? {} : { cache }),
    ...(host === undefined ? {} : { host }),
    ...(body ? { body } : {}),
  };
}
