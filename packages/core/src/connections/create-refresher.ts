import { sleep } from '../clock/sleep.ts';
import { refreshDueAt } from '../oauth/refresh-due.ts';
import { tokenCallMs } from '../oauth/token-transport.ts';
import { readGrant } from './read-grant.ts';
import { refreshGrant } from './refresh-grant.ts';
import type { Grant, RefreshOptions } from './refresh-options.ts';
import { cannotRefresh } from './store-tokens.ts';

/** Keeps access tokens good. */
export interface Refresher {
  /**
   * The grant with an access token that can be used; renewed where it is due, or where the service has refused this one. `null` where the
   * connection is not active any more. Throws a retryable error where the token has ended and cannot be renewed at the moment.
   */
  fresh(tenant: string, grant: Grant, options?: { readonly isRefused?: boolean }): Promise<Grant | null>;
}

/** The lease outlives every deadline inside it: three times that of the token call, milliseconds. */
const leaseMs = 3 * tokenCallMs;

/** Milliseconds for which a process waits for another one that renews. */
const patienceMs = leaseMs + tokenCallMs;

/** Least milliseconds between two looks at what another process does; up to twice as many. */
const lookMs = 50;

/** Milliseconds for which a token that is still good is not renewed again after that failed. */
const pauseMs = 30_000;

/** One renewal at a time for each connection: within this process by a shared promise, over all of them by a named lease. */
export function createRefresher(options: RefreshOptions): Refresher {
  const { clock } = options;
  const under = new Map<string, Promise<Grant | null>>();
  const pausedUntil = new Map<string, number>();

  const share = (tenant: string, grant: Grant): Promise<Grant | null> => {
    const place = `${tenant}\u0000${grant.connection.id}`;
    const running = under.get(place);
    if (running !== undefined) return running;
    const begun = renew(options, tenant, grant).finally(() => under.delete(place));
    under.set(place, begun);
    return begun;
  };

  return {
    async fresh(tenant, grant, { isRefused = false } = {}) {
      const { connection, credential } = grant;
      const now = clock.now();
      const isGood = !isRefused && (credential.expiresAt === undefined || credential.expiresAt > now);
      if (isGood && refreshDueAt(credential, connection.id) > now) return grant;
      if (credential.refreshToken === undefined && (isGood || isRefused)) return grant;
      const place = `${tenant}\u0000${connection.id}`;
      if (isGood && (pausedUntil.get(place) ?? 0) > clock.monotonic()) return grant;
      try {
        const renewed = await share(tenant, grant);
        pausedUntil.delete(place);
        return renewed;
      } catch (error) {
        if (!isGood) throw cannotRefresh(error);
        pausedUntil.set(place, clock.monotonic() + pauseMs);
        return grant;
      }
    },
  };
}

async function renew(options: RefreshOptions, tenant: string, seen: Grant): Promise<Grant | null> {
  const { leases, clock, generateId, random } = options;
  const { id, value } = seen.connection;
  const lease = { name: `oauth-refresh:${tenant.length}:${tenant}:${id}`, holder: generateId(), ttlMs: leaseMs };
  const end = clock.monotonic() + patienceMs;
  for (;;) {
    const held = await leases.acquire(lease);
    const now = await readGrant(options, tenant, id);
    try {
      // Somebody has renewed it, put another credential or ended it since it was read.
      if (!now || now.connection.value.secretVersion !== value.secretVersion) return now;
      if (held) return await refreshGrant(options, tenant, now);
    } finally {
      if (held) await leases.release({ ...lease, fence: held.fence }).catch(() => undefined);
    }
    if (clock.monotonic() >= end) throw cannotRefresh(undefined);
    await sleep(clock, lookMs * (1 + random()));
  }
}
