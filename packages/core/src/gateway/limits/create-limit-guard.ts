import { retryAfterOf } from '../../errors/retry-after-of.ts';
import type { CallEnding, CallGuard, GuardedCall } from '../call-guard.ts';
import { backOffMs } from './back-off.ts';
import type { Bucket } from './bucket.ts';
import type { ConnectionLimits } from './connection-limits.ts';
import type { KnownLimits } from './known-connections.ts';
import { soundReadings } from './sound-readings.ts';

/** What the guard stands on. */
export interface LimitGuardOptions {
  readonly known: KnownLimits;
  /** The bucket of the tenant's plan for this request; `null`: it has none, or the request is the hub's own. */
  readonly planOf: (call: GuardedCall) => Bucket | null;
  readonly clock: { now(): number; monotonic(): number };
  /** Between 0 and 1. */
  readonly random: () => number;
}

/** Longest time for which a provider's word or our own backing off closes anything, milliseconds: then it is asked again. 1 day. */
const longestCloseMs = 86_400_000;

/**
 * Holds requests back by the limits of their connection and of the tenant's plan, and reads from answers how these stand. A request within its limits
 * goes at once; nothing is written for it.
 */
export function createLimitGuard(options: LimitGuardOptions): CallGuard {
  const { known, planOf, clock } = options;
  /** Requests of a connection in a row that were refused without a time. */
  const refusals = new WeakMap<ConnectionLimits, number>();

  /** The first that holds the request back; takes a place in all of them where none does. In `held` it has one already. */
  const pass = (limits: ConnectionLimits, call: GuardedCall, held?: Bucket): Bucket | undefined => {
    const { buckets } = limits.route(call.method, call.template);
    const plan = planOf(call);
    if (buckets.length === 0 && plan === null) return undefined;
    const now = clock.monotonic();
    for (const bucket of buckets) if (bucket !== held && !bucket.isReady(now)) return bucket;
    if (plan !== null && plan !== held && !plan.isReady(now)) return plan;
    for (const bucket of buckets) if (bucket !== held) bucket.take(now);
    if (plan !== held) plan?.take(now);
    return undefined;
  };

  const wait = async (limits: ConnectionLimits, call: GuardedCall, first: Bucket): Promise<void> => {
    const until = clock.monotonic() + call.maximumWaitMs;
    let bucket: Bucket | undefined = first;
    while (bucket !== undefined) {
      const leftMs = until - clock.monotonic();
      if (leftMs < 0) throw bucket.options.refuse(call, Math.max(1, bucket.waitMs()));
      await bucket.wait(call, leftMs);
      const next = pass(limits, call, bucket);
      // Held while it waits for another, its place would be kept from everybody.
      if (next !== undefined) bucket.putBack(clock.monotonic());
      bucket = next;
    }
  };

  const open = async (call: GuardedCall): Promise<void> => {
    const limits = await known.open(call);
    const bucket = pass(limits, call);
    if (bucket !== undefined) await wait(limits, call, bucket);
  };

  return {
    admit(call) {
      const limits = known.of(call);
      if (limits === undefined) return open(call);
      const bucket = pass(limits, call);
      return bucket === undefined ? undefined : wait(limits, call, bucket);
    },
    ended(call, ending) {
      const limits = known.of(call);
      const now = clock.monotonic();
      if (!ending.sent) {
        limits?.putBack(call, now);
        planOf(call)?.putBack(now);
      }
      if (limits === undefined || ending.status === null || ending.headers === null) return;
      const { status, headers } = ending;
      const readings = soundReadings(call.definition, { status, headers }, clock.now());
      if (readings.length > 0) limits.tell(call, readings, now);
      if (ending.fault?.code !== 'rate_limited') {
        if (ending.fault === null && refusals.has(limits)) refusals.delete(limits);
        return;
      }
      // A budget that is used up is there again nobody knows when, and each call of it says so.
      if (!ending.fault.retryable) return;
      limits.close(call, closeMs(limits, ending));
    },
  };

  function closeMs(limits: ConnectionLimits, { fault }: Pick<CallEnding, 'fault'>): number {
    const told = fault === null ? undefined : retryAfterOf(fault);
    if (told !== undefined) return Math.min(longestCloseMs, told);
    const times = (refusals.get(limits) ?? 0) + 1;
    refusals.set(limits, times);
    return backOffMs(times, options.random());
  }
}
