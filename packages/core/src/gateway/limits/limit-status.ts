import type { AnyDefinition } from '../../connector/connector-definition.ts';
import type { LimitDeclaration } from '../../contracts/limit-declaration.ts';
import type { StateEntry, StateStore } from '../../contracts/state-store.ts';
import type { Bucket, LimitSource } from './bucket.ts';
import type { Limits } from './create-limits.ts';
import { remainingDeclared } from './declared-quota.ts';
import { heldIn, liveIn } from './lease-slice.ts';
import { connectionPrefix, connectorPrefix, limitName, partsOfName } from './limit-names.ts';
import { noQuota, type QuotaState, readQuota } from './quota-state.ts';
import { advanceTold } from './told-quota.ts';

/** How one limit of a connection stands, over all processes but where it says otherwise. Times are milliseconds since 1970. */
export interface RateLimitStatus {
  /** Empty for the one limit of the connection that its service tells, and for a time at which it wants no request at all. */
  readonly name: string;
  /** `headers`: the service's answers say so; `declared`: its connector; `host`: the connection's own `limits`. */
  readonly source: LimitSource;
  /** The kind of request, `GET /items/{}`, where it is counted for itself; `null` otherwise. */
  readonly request: string | null;
  /** `null` where it is not a number of requests that is told. */
  readonly limit: number | null;
  readonly remaining: number | null;
  readonly windowMs: number | null;
  /** When the window ends or the service takes requests again; `null` where neither is known. */
  readonly resetsAt: number | null;
  /** Requests that wait for it in this process, and since when. */
  readonly waiting: number;
  readonly waitingSince: number | null;
  /** When a process last wrote of it; `null` where none has. */
  readonly updatedAt: number | null;
}

/** Whose status is asked for. */
export interface StatusRequest {
  readonly states: StateStore;
  readonly limits: Limits;
  readonly clock: { now(): number; monotonic(): number };
  /** The store's time. */
  readonly now: number;
  readonly tenant: string;
  readonly connectionId: string;
  readonly definition: AnyDefinition;
  readonly hostLimits: readonly LimitDeclaration[];
}

/** States of one connection that are read. */
const mostStates = 200;

/** How the limits of a connection stand: those that are declared, used or not, and those that answers have told of. */
export async function limitStatus(request: StatusRequest): Promise<readonly RateLimitStatus[]> {
  const { states, tenant, connectionId, definition, hostLimits } = request;
  const prefix = connectionPrefix(connectionId);
  const { entries } = await states.list(tenant, prefix, { cursor: null, limit: mostStates });
  const shared = (definition.limits ?? []).filter(({ per }) => per === 'connector');
  const sharedEntries = await Promise.all(
    shared.map(({ name }) => states.read(tenant, limitName(connectorPrefix(definition.id), 'declared', name))),
  );
  const stored = entries.flatMap((entry) => viewOf(request, prefix, entry) ?? []);
  const isStored = (name: string, source: LimitSource): boolean => stored.some((view) => view.name === name && view.source === source);
  const unused = [
    ...(definition.limits ?? [])
      .filter(({ per }) => per !== 'connector' && per !== 'method')
      .map((limit) => ({ limit, source: 'declared' as const })),
    ...hostLimits.filter(({ per }) => per !== 'method').map((limit) => ({ limit, source: 'host' as const })),
  ].filter(({ limit, source }) => !isStored(limit.name, source));
  return [
    ...shared.map((limit, index) =>
      declaredView(request, { limit, source: 'declared', entry: sharedEntries[index] ?? null, request: null }),
    ),
    ...unused.map(({ limit, source }) => declaredView(request, { limit, source, entry: null, request: null })),
    ...stored,
  ];
}

function viewOf(request: StatusRequest, prefix: string, entry: StateEntry): RateLimitStatus | undefined {
  const { kind, part = '' } = partsOfName(prefix, entry.name) ?? {};
  switch (kind) {
    case 'told':
      return toldView(request, part, entry);
    case 'gauge':
    case 'closed':
      return closureView(request, part, entry);
    case 'declared':
    case 'host': {
      const [name = '', ...rest] = part.split(':');
      const limit = (kind === 'host' ? request.hostLimits : (request.definition.limits ?? [])).find((each) => each.name === name);
      return limit && declaredView(request, { limit, source: kind, entry, request: rest.length === 0 ? null : rest.join(':') });
    }
    default:
      return undefined;
  }
}

function toldView(request: StatusRequest, name: string, entry: StateEntry): RateLimitStatus {
  const state = advanceTold(readQuota(entry.value), request.now);
  const ends = Math.max(state.closedUntil ?? 0, state.isGuess ? 0 : (state.resetsAt ?? 0));
  return {
    name,
    source: 'headers',
    request: null,
    limit: state.limit,
    remaining: Math.min(state.limit, state.remaining + heldIn(liveIn(state.slices, request.now))),
    windowMs: state.windowMs,
    resetsAt: ends === 0 ? null : ends,
    ...waitingOf(request, entry.name),
    updatedAt: entry.updatedAt,
  };
}

/** `undefined` where it is open. */
function closureView(request: StatusRequest, name: string, entry: StateEntry): RateLimitStatus | undefined {
  const { closedUntil } = readQuota(entry.value);
  if (closedUntil === null || closedUntil <= request.now) return undefined;
  const waits = waitingOf(request, entry.name);
  return {
    name,
    source: 'headers',
    request: null,
    limit: null,
    remaining: 0,
    windowMs: null,
    resetsAt: closedUntil,
    ...waits,
    updatedAt: entry.updatedAt,
  };
}

interface Declared {
  readonly limit: LimitDeclaration;
  readonly source: 'declared' | 'host';
  readonly entry: StateEntry | null;
  readonly request: string | null;
}

function declaredView(request: StatusRequest, { limit, source, entry, request: kind }: Declared): RateLimitStatus {
  const state: QuotaState = entry === null ? noQuota : readQuota(entry.value);
  const quota = { limit: limit.requests, windowMs: limit.windowMs };
  const held = heldIn(liveIn(state.slices, request.now));
  const closed = state.closedUntil !== null && state.closedUntil > request.now ? state.closedUntil : null;
  return {
    name: limit.name,
    source,
    request: kind,
    limit: limit.requests,
    remaining: Math.min(limit.requests, remainingDeclared(state, quota, request.now) + held),
    windowMs: limit.windowMs,
    resetsAt: closed,
    ...waitingOf(request, entry?.name ?? ''),
    updatedAt: entry?.updatedAt ?? null,
  };
}

function waitingOf(
  { limits, clock, tenant, connectionId }: StatusRequest,
  name: string,
): Pick<RateLimitStatus, 'waiting' | 'waitingSince'> {
  const buckets: readonly Bucket[] = limits.known.peek(tenant, connectionId)?.all() ?? [];
  const bucket = buckets.find(({ options }) => options.place.name === name);
  const since = bucket?.waitingSince ?? null;
  return { waiting: bucket?.waiting ?? 0, waitingSince: since === null ? null : Math.round(clock.now() - (clock.monotonic() - since)) };
}
