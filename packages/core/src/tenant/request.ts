import type { HttpAnswer, QueryValue } from '../connector/connector-http.ts';
import type { RequestPath } from '../connector/path.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { RawRequest } from '../gateway/raw-request.ts';
import type { Json } from '../json/json.ts';
import { connectionRow } from './connection-row.ts';
import { isRenewed, openConnection } from './open-connection.ts';
import { requireFeature } from './tenant-plan.ts';
import type { TenantScope } from './tenant-services.ts';

/** A request of the host through a connection. */
export interface GatewayRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Made with the `path` tag: each value is one segment. Below the connector's base path. */
  readonly path: RequestPath;
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: Json;
  readonly signal?: AbortSignal;
  /** Milliseconds for the whole call. @default 30,000 */
  readonly timeoutMs?: number;
}

/** Answer headers that are kept back: they could carry or renew a credential. */
const withheld: ReadonlySet<string> = new Set(['set-cookie', 'set-cookie2', 'www-authenticate', 'proxy-authenticate', 'authorization']);

/**
 * One authenticated request to the connection's pinned origin: synchronous, no dispatch, the caller's own to repeat. Answers any status.
 * Throws a `PatchbayError` whose `sent` says whether it can have happened.
 */
export async function gatewayRequest(scope: TenantScope, reference: string, request: GatewayRequest): Promise<HttpAnswer> {
  await scope.ready();
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
  if (!methods.includes(request.method))
    throw new PatchbayError({ code: 'invalid_argument', message: `The method is one of ${methods.join(', ')}.`, sent: 'no' });
  const row = await connectionRow(scope, reference);
  await requireFeature(scope, 'gateway');
  const signal = request.signal ?? new AbortController().signal;
  const use = { author: 'host', signal, timeoutMs: request.timeoutMs ?? 30_000 } as const;
  const session = await openConnection(scope, row, use);
  const first = await session.send(rawRequest(request));
  // A refused credential means that nothing has happened.
  const isAgain = first.status === 401 && (await isRenewed(scope, row, session.secretVersion));
  // What it is confined to may be another by now.
  const answer = isAgain ? await (await openConnection(scope, await connectionRow(scope, row.id), use)).send(rawRequest(request)) : first;
  return { ...answer, headers: Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !withheld.has(name))) };
}

function rawRequest({ method, path, query, headers, json }: GatewayRequest): RawRequest {
  return {
    method,
    path,
    ...(query ? { query } : {}),
    ...(headers ? { headers } : {}),
    ...(json === undefined ? {} : { body: { contentType: 'application/json; charset=utf-8', text: JSON.stringify(json) } }),
  };
}
