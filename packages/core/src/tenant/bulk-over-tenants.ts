import { type BulkRequest, checkBulk, invalid } from './bulk-request.ts';
import type { OperatedTenant } from './operated-tenant.ts';
import type { ReplayManyRequest } from './replay-many-request.ts';
import type { ReplayProgress } from './replay-tally.ts';
import type { RetryManyRequest } from './retry-many-request.ts';
import type { RetryProgress } from './retry-tally.ts';
import { addCounts, type TenantsProgress, type TenantWalk } from './walk-tenants.ts';

/** What is asked for of each tenant. The limit and the cursor are of tenants; with a connector, what its actions were to do. */
export type TenantsRetryRequest = Pick<RetryManyRequest, 'status' | 'code' | 'from' | 'to' | 'dryRun' | 'subscriber' | 'idempotencyKey'> &
  TenantWalk<TenantsProgress<RetryProgress>>;

/**
 * What is asked for of each tenant; the key makes a repeated call the same replay. The limit and the cursor are of tenants; with a connector and without
 * a type, events of that connector.
 */
export type TenantsReplayRequest = Pick<ReplayManyRequest, 'type' | 'from' | 'to' | 'dryRun' | 'subscriber' | 'all' | 'unmatched'> & {
  readonly idempotencyKey: string;
} & TenantWalk<TenantsProgress<ReplayProgress>>;

/** Nothing yet. */
export const noneRetried: RetryProgress = { dispatches: 0, retried: 0, repeated: 0, refused: 0 };

/** Nothing yet. */
export const noneReplayed: ReplayProgress = { events: 0, replayed: 0, repeated: 0, skipped: 0, refused: 0 };

/** What one call of one tenant may start; a tenant with more is called again. */
const limit = 10_000;

type Asked<Request> = Omit<Request, keyof TenantWalk>;

function askedOf<Request extends TenantWalk<never>>(request: Request): Asked<Request> {
  const { cursor: _cursor, limit: _limit, onProgress: _onProgress, signal: _signal, connector: _connector, ...asked } = request;
  return asked;
}

/** Throws `invalid_argument` for what could be asked of no tenant. */
export function checkTenantsRetry(request: TenantsRetryRequest): void {
  checkBulk(askedOf(request));
  const { status = 'dead' } = request;
  if (status !== 'dead' && status !== 'cancelled') throw invalid("Many can be tried again that are 'dead' or 'cancelled'.");
}

/** Throws `invalid_argument` for what could be asked of no tenant. */
export function checkTenantsReplay(request: TenantsReplayRequest): void {
  if (checkBulk(askedOf(request)).idempotencyKey === undefined)
    throw invalid('A replay over tenants needs an idempotency key, so that it can be called again when it is interrupted. Pass one.');
}

/** Tries again all that is asked for of one tenant. */
export const retryTenant = (tenant: OperatedTenant, request: TenantsRetryRequest): Promise<RetryProgress> =>
  toTheEnd(noneRetried, request.signal, async (place) => {
    const { connector } = request;
    const { cursor, dispatches, retried, repeated, refused } = await tenant.retryMany({
      ...askedOf(request),
      ...(connector === undefined ? {} : { connector }),
      ...place,
    });
    return { cursor, counts: { dispatches, retried, repeated, refused } };
  });

/** Replays all that is asked for of one tenant. */
export const replayTenant = (tenant: OperatedTenant, request: TenantsReplayRequest): Promise<ReplayProgress> =>
  toTheEnd(noneReplayed, request.signal, async (place) => {
    const { connector } = request;
    const type = connector === undefined ? {} : { type: `${connector}.*` };
    const { cursor, events, replayed, repeated, skipped, refused } = await tenant.replayMany({ ...type, ...askedOf(request), ...place });
    return { cursor, counts: { events, replayed, repeated, skipped, refused } };
  });

type Place = Pick<BulkRequest<never>, 'cursor' | 'limit' | 'signal'>;

/** Calls again until all of a tenant was looked at. */
async function toTheEnd<Name extends string>(
  nothing: Readonly<Record<Name, number>>,
  signal: AbortSignal | undefined,
  call: (place: Place) => Promise<{ readonly cursor: string | null; readonly counts: Readonly<Record<Name, number>> }>,
): Promise<Readonly<Record<Name, number>>> {
  let sum = nothing;
  let cursor: string | null = null;
  do {
    const part: Awaited<ReturnType<typeof call>> = await call({ cursor, limit, ...(signal === undefined ? {} : { signal }) });
    sum = addCounts(sum, part.counts);
    cursor = part.cursor;
  } while (cursor !== null && !signal?.aborted);
  return sum;
}
