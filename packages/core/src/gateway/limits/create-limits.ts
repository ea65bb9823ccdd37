import type { Clock, Timer } from '../../clock/clock.ts';
import type { LimitDeclaration } from '../../contracts/limit-declaration.ts';
import type { StateStore } from '../../contracts/state-store.ts';
import type { CallGuard, GuardedCall } from '../call-guard.ts';
import type { Bucket, BucketWorld } from './bucket.ts';
import { coalesceWrites } from './coalesce-writes.ts';
import type { Limited } from './connection-limits.ts';
import { createLimitGuard } from './create-limit-guard.ts';
import { createKnownLimits, type KnownLimits } from './known-connections.ts';
import { createPlanLimits, type PlanLimits, type PlanQuota } from './plan-limits.ts';
import { createStoreTime } from './store-time.ts';

/** What limits stand on. */
export interface LimitsOptions {
  readonly states: StateStore;
  readonly clock: Clock;
  /** The store's time, milliseconds since 1970. */
  readonly now: () => Promise<number>;
  /** Unique to this process. */
  readonly holder: string;
  /** Between 0 and 1. */
  readonly random: () => number;
  readonly hostLimitsOf: (call: GuardedCall) => readonly LimitDeclaration[];
  /** Requests a minute that a tenant's plan allows; `null` where the hub has no plans. */
  readonly planQuota: PlanQuota | null;
  readonly onLimited: (limited: Limited) => void;
  /** Requests that may wait for one limit. @default 1,000 */
  readonly mostWaiting?: number;
}

/** The rate limits of a process. */
export interface Limits {
  readonly guard: CallGuard;
  readonly known: KnownLimits;
  readonly plans: PlanLimits | null;
  /** Gives back what this process holds and does not use. Never rejects. */
  close(): Promise<void>;
}

/** Milliseconds between two looks at slices whose time is over. */
const sweepMs = 1_000;

/** Requests that may wait for one limit. */
const defaultMostWaiting = 1_000;

/** Binds the rate limits of a process together. */
export function createLimits(options: LimitsOptions): Limits {
  const { clock, holder, random, planQuota, onLimited } = options;
  const states = coalesceWrites(options.states, clock);
  const holding = new Set<Bucket>();
  let leases = 0;
  const newHolder = (): string => {
    leases += 1;
    return `${holder}:${leases}`;
  };
  let timer: Timer | undefined;

  const sweep = async (isEnd: boolean): Promise<void> => {
    timer?.cancel();
    timer = undefined;
    const buckets = [...holding];
    holding.clear();
    const held = await Promise.all(buckets.map((bucket) => bucket.giveBack(isEnd).catch(() => false)));
    for (const [index, bucket] of buckets.entries()) if (held[index] === true && !isEnd) onLeased(bucket);
  };

  const onLeased = (bucket: Bucket): void => {
    holding.add(bucket);
    timer ??= clock.setTimer(() => void sweep(false), sweepMs);
  };

  const time = createStoreTime(clock, options.now);
  const world: BucketWorld = { states, clock, time, newHolder, mostWaiting: options.mostWaiting ?? defaultMostWaiting, onLeased };
  const known = createKnownLimits({ world, hostLimitsOf: options.hostLimitsOf, onLimited });
  const plans = planQuota === null ? null : createPlanLimits({ world, planQuota, onLimited });
  const guard = createLimitGuard({ known, planOf: plans?.bucketOf ?? (() => null), clock, random });
  return { guard, known, plans, close: () => sweep(true) };
}
