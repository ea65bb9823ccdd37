import type { PatchbayError } from '../../errors/patchbay-error.ts';
import type { GuardedCall } from '../call-guard.ts';
import { Bucket, type BucketWorld } from './bucket.ts';
import type { Limited } from './connection-limits.ts';
import { remainingDeclared } from './declared-quota.ts';
import { heldIn, liveIn } from './lease-slice.ts';
import { planReached } from './limit-errors.ts';
import { planName } from './limit-names.ts';

/** What the tenant's plan allows. */
export interface PlanAllowance {
  /** Requests a minute; `null`: without limit. */
  readonly perMinute: number | null;
  /** What a request is told that is beyond it; absent where there is no limit. */
  readonly refusal?: PatchbayError;
}

/** Asks for a tenant's plan. Rejects as the host's policy does; then nothing is allowed. */
export type PlanQuota = (tenant: string) => Promise<PlanAllowance>;

/** What holding plans takes. */
export interface PlanLimitsOptions {
  readonly world: BucketWorld;
  readonly planQuota: PlanQuota;
  readonly onLimited: (limited: Limited) => void;
}

/** The requests a minute of tenants' plans. */
export interface PlanLimits {
  /** The bucket that a request is counted in; `null` for what the hub does by itself: a health check, keeping a webhook. */
  bucketOf(call: GuardedCall): Bucket | null;
  /** Requests that a tenant may still make within this minute; `null`: as many as it likes. */
  remaining(tenant: string): Promise<number | null>;
}

const minute = 60_000;

/** Tenants whose plan is remembered; each is asked for again every second that it makes requests. */
const mostTenants = 10_000;

/** Holds what plans allow, over all processes. */
export function createPlanLimits({ world, planQuota, onLimited }: PlanLimitsOptions): PlanLimits {
  const buckets = new Map<string, Bucket>();

  const make = (tenant: string): Bucket => {
    let refusal: PatchbayError | undefined;
    let failure: unknown;
    const quota = async () => {
      refusal = undefined;
      const allowance = await planQuota(tenant).catch((error: unknown) => {
        failure = error;
        throw error;
      });
      refusal = allowance.refusal;
      return allowance.perMinute === null ? null : { limit: allowance.perMinute, windowMs: minute };
    };
    const name = 'requestsPerMinute';
    const bucket: Bucket = new Bucket(world, {
      name,
      source: 'plan',
      place: { tenant, name: planName },
      quota,
      refuse: (_call, waitMs) => planReached(refusal, waitMs, failure),
      onLimited: (call, waitMs) => onLimited({ call, name, source: 'plan', waitMs, waiting: bucket.waiting, isWhole: false }),
    });
    return bucket;
  };

  const of = (tenant: string): Bucket => {
    const known = buckets.get(tenant);
    if (known) return known;
    const made = make(tenant);
    buckets.set(tenant, made);
    for (const oldest of buckets.keys()) {
      if (buckets.size <= mostTenants) break;
      buckets.delete(oldest);
    }
    return made;
  };

  return {
    bucketOf: ({ tenant, author, operation }) => (author === 'connector' && operation === null ? null : of(tenant)),
    async remaining(tenant) {
      const { perMinute } = await planQuota(tenant);
      if (perMinute === null) return null;
      const { shared, slice } = of(tenant).lease;
      const state = await shared.read();
      const now = world.clock.monotonic() + (await world.time.ahead());
      // What processes hold they have not used; what this one has used it has not told of.
      return Math.max(
        0,
        remainingDeclared(state, { limit: perMinute, windowMs: minute }, now) + heldIn(liveIn(state.slices, now)) - slice.used,
      );
    },
  };
}
