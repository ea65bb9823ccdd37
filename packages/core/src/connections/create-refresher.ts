import { sleep } from '../clock/sleep.ts';
import { refreshDueAt } from '../oauth/refresh-due.ts';
import { tokenCallMs } from '../oauth/token-transport.ts';
import { asksForTokens, type HeldCredential, tokenOf } from './held-credential.ts';
import { awaitsSite } from './holds-place.ts';
import { readGrant } from './read-grant.ts';
import { refreshAndTell } from './refresh-and-tell.ts';
import { mayBeWorkedOn } from './refresh-marks.ts';
import type { Grant, RefreshOptions } from './refresh-options.ts';
import { cannotRefresh } from './store-tokens.ts';

/** Keeps access tokens good. */
export interface Refresher {
  /**
   * The grant with an access token that can be used; asked for where there is none yet, renewed where it is due or the service has refused
   * this one. A credential that is no grant comes back as it is. `null` where the connection is not active any more. Throws a retryable error
   * where there is no token that is good, and none can be had at the moment.
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

/** Milliseconds for which a token that was got in place of a refused one is not replaced again: the service refuses for another reason. */
const replacedMs = 60_000;

/** Times that a host may put another credential while a token is asked for. */
const mostPuts = 5;

/** One renewal at a time for each connection: within this process by a shared promise, over all of them by a named lease. */
export function createRefresher(options: RefreshOptions): Refresher {
  const { clock } = options;
  const under = new Map<string, Promise<Grant | null>>();
  const pausedUntil = new Map<string, number>();

  const share = (tenant: string, grant: Grant, isRefused: boolean): Promise<Grant | null> => {
    const place = `${tenant}\u0000${grant.connection.id}`;
    const running = under.get(place);
    if (running !== undefined) return running;
    const begun = renew(options, { tenant, seen: grant, isRefused }).finally(() => under.delete(place));
    under.set(place, begun);
    return begun;
  };

  const fresh = async (tenant: string, grant: Grant, isRefused: boolean): Promise<Grant | null> => {
    const state = stateOf(options, grant, isRefused);
    if (state === 'keep') return grant;
    const place = `${tenant}\u0000${grant.connection.id}`;
    const isGood = state === 'due';
    if (isGood && (pausedUntil.get(place) ?? 0) > clock.monotonic()) return grant;
    try {
      const renewed = await share(tenant, grant, isRefused);
      pausedUntil.delete(place);
      return renewed;
    } catch (error) {
      if (!isGood) throw cannotRefresh(error);
      pausedUntil.set(place, clock.monotonic() + pauseMs);
      return grant;
    }
  };

  return {
    async fresh(tenant, grant, { isRefused = false } = {}) {
      let found = await fresh(tenant, grant, isRefused);
      // Whoever put another credential meanwhile has handed in none that holds a token yet.
      for (let puts = 0; found !== null && found !== grant && lacksToken(options, found); puts += 1) {
        if (puts === mostPuts) throw cannotRefresh(undefined);
        found = await fresh(tenant, found, false);
      }
      // It was connected anew meanwhile, and waits for a person's choice: nothing is sent with it before.
      const isToWait = found !== null && awaitsSite(found.connection.value) && !awaitsSite(grant.connection.value);
      return isToWait ? null : found;
    },
  };
}

/** `keep`: it is used as it is. `due`: it is good, and is to be renewed all the same. `needed`: it cannot be used any more, or is not there yet. */
function stateOf(options: RefreshOptions, grant: Grant, isRefused: boolean): 'keep' | 'due' | 'needed' {
  const { connection, credential } = grant;
  const now = options.clock.now();
  const isAsking = isAskedFor(options, grant);
  if (credential.type !== 'oauth2' && !isAsking) return 'keep';
  const token = tokenOf(credential);
  if (token === undefined) return 'needed';
  if (isRefused) return isAsking && token.isReplacement === true && now - (token.obtainedAt ?? 0) < replacedMs ? 'keep' : 'needed';
  if (token.expiresAt !== undefined && token.expiresAt <= now) return 'needed';
  const isDue = refreshDueAt(token, connection.id) <= now && canRenew(credential);
  return isDue ? 'due' : 'keep';
}

const canRenew = (credential: HeldCredential): boolean => credential.type !== 'oauth2' || credential.refreshToken !== undefined;

function isAskedFor({ registry }: Pick<RefreshOptions, 'registry'>, { connection, credential }: Grant): boolean {
  if (credential.type === 'oauth2') return false;
  return asksForTokens(registry.getFor(connection.value).definition.auth, credential);
}

const lacksToken = (options: RefreshOptions, grant: Grant): boolean =>
  isAskedFor(options, grant) && tokenOf(grant.credential) === undefined;

interface Renewal {
  readonly tenant: string;
  readonly seen: Grant;
  readonly isRefused: boolean;
}

async function renew(options: RefreshOptions, { tenant, seen, isRefused }: Renewal): Promise<Grant | null> {
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
      if (held && mayBeWorkedOn(now, clock.now())) throw cannotRefresh(undefined);
      if (held) return await refreshAndTell(options, { tenant, grant: now, isRefused });
    } finally {
      if (held) await leases.release({ ...lease, fence: held.fence }).catch(() => undefined);
    }
    if (clock.monotonic() >= end) throw cannotRefresh(undefined);
    await sleep(clock, lookMs * (1 + random()));
  }
}
