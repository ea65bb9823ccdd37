import type { LimitDeclaration } from '../../contracts/limit-declaration.ts';
import type { StateEntry } from '../../contracts/state-store.ts';
import { canonicalJson } from '../../json/canonical-json.ts';
import type { GuardedCall } from '../call-guard.ts';
import type { Bucket, BucketWorld } from './bucket.ts';
import { ConnectionLimits, type Limited } from './connection-limits.ts';
import { connectionPrefix } from './limit-names.ts';

/** What knowing the limits of connections takes. */
export interface KnownLimitsOptions {
  readonly world: BucketWorld;
  readonly hostLimitsOf: (call: GuardedCall) => readonly LimitDeclaration[];
  readonly onLimited: (limited: Limited) => void;
}

/** The limits of the connections that this process uses. */
export interface KnownLimits {
  /** What is known; `undefined` where the store is to be asked first. Looks for news of other processes in the background. */
  of(call: GuardedCall): ConnectionLimits | undefined;
  /** The same with what other processes have written. A store that is away is taken for one that knows nothing. */
  open(call: GuardedCall): Promise<ConnectionLimits>;
  /** What this process has of a connection. */
  peek(tenant: string, connectionId: string): ConnectionLimits | undefined;
}

/** Milliseconds after which the store is asked what other processes have learned of a connection that is used. */
const newsMs = 10_000;

/** Connections whose limits are remembered; one that was not used for longest goes first. */
const mostConnections = 10_000;

/** States of one connection that are read. */
const mostStates = 200;

interface Entry {
  readonly limits: ConnectionLimits;
  readAt: number;
  opening: Promise<void> | undefined;
}

/** Remembers the limits of connections. */
export function createKnownLimits({ world, hostLimitsOf, onLimited }: KnownLimitsOptions): KnownLimits {
  const entries = new Map<string, Entry>();
  const buckets = new Map<string, Bucket>();
  const shared = (tenant: string) => (name: string, make: () => Bucket) => {
    const key = `${tenant}\u0000${name}`;
    const bucket = buckets.get(key) ?? make();
    // One that is forgotten while it is used gives back by itself; whoever comes then leases apart from it.
    buckets.delete(key);
    buckets.set(key, bucket);
    const oldest = buckets.size > mostConnections ? buckets.keys().next().value : undefined;
    if (oldest !== undefined) buckets.delete(oldest);
    return bucket;
  };

  const entryOf = (call: GuardedCall): Entry => {
    const { id } = call.connection;
    const known = entries.get(id);
    const hostLimits = hostLimitsOf(call);
    if (known && known.limits.definition === call.definition && isSame(known.limits.hostLimits, hostLimits)) {
      // Where some must be forgotten, it is those that are not used.
      if (entries.size === mostConnections && entries.delete(id)) entries.set(id, known);
      return known;
    }
    const { tenant, definition } = call;
    const limits = new ConnectionLimits({ world, tenant, connectionId: id, definition, hostLimits, shared: shared(tenant), onLimited });
    const entry: Entry = { limits, readAt: Number.NEGATIVE_INFINITY, opening: undefined };
    entries.delete(id);
    entries.set(id, entry);
    for (const oldest of entries.keys()) {
      if (entries.size <= mostConnections) break;
      entries.delete(oldest);
    }
    return entry;
  };

  const read = async (entry: Entry, { tenant, connection }: GuardedCall): Promise<void> => {
    const page: readonly StateEntry[] = await world.time
      .ahead()
      .then(() => world.states.list(tenant, connectionPrefix(connection.id), { cursor: null, limit: mostStates }))
      .then(({ entries: found }) => found)
      // Limits are the provider's to hold: it says so itself where nobody else can.
      .catch(() => []);
    entry.limits.adopt(page);
    entry.readAt = world.clock.monotonic();
    entry.opening = undefined;
  };

  return {
    of(call) {
      const entry = entryOf(call);
      if (entry.readAt === Number.NEGATIVE_INFINITY) return undefined;
      if (world.clock.monotonic() - entry.readAt > newsMs) entry.opening ??= read(entry, call);
      return entry.limits;
    },
    async open(call) {
      const entry = entryOf(call);
      entry.opening ??= read(entry, call);
      await entry.opening;
      return entry.limits;
    },
    peek: (tenant, connectionId) => {
      const limits = entries.get(connectionId)?.limits;
      return limits?.tenant === tenant ? limits : undefined;
    },
  };
}

/** A row that is read again holds a new list of the same. */
function isSame(known: readonly LimitDeclaration[], given: readonly LimitDeclaration[]): boolean {
  return known === given || (known.length === given.length && canonicalJson(known.map(plain)) === canonicalJson(given.map(plain)));
}

const plain = ({ name, requests, windowMs, paths = [] }: LimitDeclaration) => ({ name, requests, windowMs, paths });
