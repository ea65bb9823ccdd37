import type { DispatchRecord } from '../contracts/dispatch-records.ts';
import type { Json } from '../json/json.ts';
import { type BulkBounds, type BulkRequest, checkBulk, invalid } from './bulk-request.ts';
import { bulkTarget, type TargetReference } from './bulk-target.ts';
import { isName } from './check-text.ts';
import { connectionRow } from './connection-row.ts';
import { actionOf } from './dispatch-view.ts';
import type { RetryProgress } from './retry-tally.ts';
import type { TenantScope } from './tenant-services.ts';

/** Which dispatches get a new round. The window is of the times at which they ended. */
export interface RetryManyRequest extends BulkRequest<RetryProgress>, TargetReference {
  /** What is `held` may have happened, so it is looked at one by one. @default 'dead' */
  readonly status?: 'dead' | 'cancelled';
  /** A connection's id or name. @default any, and none */
  readonly connection?: string;
  /** Id of the connector whose actions they were to do, `github`. @default any, and none */
  readonly connector?: string;
  /** Type of the event, of what is delivered to an {@link endpoint}. @default any */
  readonly type?: string;
  /** The code of the last error, `credential_rejected`. @default any */
  readonly code?: string;
  /**
   * A call that is repeated with the same key opens no second round for what has died anew since the first call. @default none: only what ended
   * before this call
   */
  readonly idempotencyKey?: string;
}

/** A request that has been checked, with what it names looked up. */
export interface RetryPlan extends BulkBounds {
  readonly status: 'dead' | 'cancelled';
  readonly target: string | undefined;
  readonly operation: string | undefined;
  /** Is it one that is asked for, as far as the store does not choose? */
  readonly fits: (record: DispatchRecord) => boolean;
  /** What a key stands for. */
  readonly query: Json;
}

/** Checks a request. Throws `invalid_argument`, and `not_found` for what it names. */
export async function readRetryRequest(scope: TenantScope, request: RetryManyRequest): Promise<RetryPlan> {
  const bounds = checkBulk(request);
  const { status = 'dead', connector, code, type, from, to } = request;
  if (status !== 'dead' && status !== 'cancelled')
    throw invalid("Many can be tried again that are 'dead' or 'cancelled'. What is held may have happened: resolve it one by one.");
  if (code !== undefined && !isName(code)) throw invalid('The code is that of an error, such as provider_rejected.');
  if (connector !== undefined && !isName(connector)) throw invalid('The connector is the id of one, such as github.');
  if (type !== undefined && !(isName(type) && request.endpoint !== undefined))
    throw invalid('The type is that of events which are delivered to an endpoint. Name the endpoint too.');
  const target = await bulkTarget(scope, request);
  const connection = request.connection === undefined ? undefined : (await connectionRow(scope, request.connection)).id;
  return {
    ...bounds,
    status,
    target,
    operation: type,
    fits: (record) =>
      (connection === undefined || record.connection === connection) &&
      (connector === undefined || actionOf(record)?.startsWith(`${connector}.`) === true) &&
      (code === undefined || record.error?.code === code) &&
      (from === undefined || (record.finishedAt ?? 0) >= from) &&
      (to === undefined || (record.finishedAt ?? 0) < to),
    query: [
      status,
      target ?? null,
      connection ?? null,
      code ?? null,
      from ?? null,
      to ?? null,
      ...(connector === undefined ? [] : [connector]),
      ...(type === undefined ? [] : [{ type }]),
    ],
  };
}
