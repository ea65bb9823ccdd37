import { estimateQuantile, latencyBuckets } from '../batch/time-buckets.ts';
import type { DayCount } from '../contracts/control-stores.ts';
import { type CountedAttempt, countPrefix, readCountName } from '../webhooks/outbound/delivery-statistics.ts';
import type { TimeWindow } from './check-window.ts';
import { countedDays } from './counted-days.ts';
import { endpointRow } from './endpoint-row.ts';
import type { TenantScope } from './tenant-services.ts';

/** What became of attempts at an endpoint. */
export interface DeliveryFigures {
  /** Requests that were made, or tried: a retry is another one. */
  readonly attempts: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Share of the attempts that succeeded, 0 to 1; `null` where there was none. */
  readonly successRate: number | null;
  /**
   * How long attempts took from the look-up of the name to the end of the answer, milliseconds, estimated from buckets that double from 5 ms to 30 s;
   * those at which nothing was reached are not among them. `null` where there was none.
   */
  readonly latency: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
}

/** Figures of one type of event; `*` stands for the types beyond the 200 that a process counts by name in a day. */
export interface TypeFigures extends DeliveryFigures {
  readonly type: string;
}

/** What went to an endpoint over some days. Counts are written at most once a second, and a process that is lost takes those of its last second with it. */
export interface EndpointStatistics extends DeliveryFigures {
  /** In order of type. */
  readonly types: readonly TypeFigures[];
  /** Days in UTC on which anything was tried, the oldest first. */
  readonly days: readonly (DeliveryFigures & { readonly day: string; readonly types: readonly TypeFigures[] })[];
}

/** Reads the counts of an endpoint: whole days in UTC, those of both ends among them. Throws `invalid_argument` for a window that is none. */
export async function endpointStatistics(scope: TenantScope, reference: string, window: TimeWindow): Promise<EndpointStatistics> {
  const { tenant, storage, clock } = scope;
  const days = countedDays(window, clock);
  const { id } = await endpointRow(scope, reference);
  const listed = await storage.counters.list({ tenant, prefix: countPrefix(id), ...days });
  const counts = listed.flatMap(readCount);
  const byDay = [...Map.groupBy(counts, ({ day }) => day)].toSorted(([left], [right]) => (left < right ? -1 : 1));
  return {
    ...figuresOf(counts),
    types: typesOf(counts),
    days: byDay.map(([day, some]) => ({ day, ...figuresOf(some), types: typesOf(some) })),
  };
}

type Count = CountedAttempt & Pick<DayCount, 'day' | 'count'>;

function readCount({ name, day, count }: DayCount): readonly Count[] {
  const attempt = readCountName(name);
  return attempt ? [{ ...attempt, day, count }] : [];
}

function typesOf(counts: readonly Count[]): readonly TypeFigures[] {
  const types = [...Map.groupBy(counts, ({ type }) => type)].toSorted(([left], [right]) => (left < right ? -1 : 1));
  return types.map(([type, some]) => ({ type, ...figuresOf(some) }));
}

function figuresOf(counts: readonly Count[]): DeliveryFigures {
  const sum = (outcome: CountedAttempt['outcome']): number =>
    counts.reduce((total, each) => (each.outcome === outcome ? total + each.count : total), 0);
  const [succeeded, failed] = [sum('succeeded'), sum('failed')];
  const attempts = succeeded + failed;
  const quantile = (share: number): number | null => estimateQuantile(latencyBuckets, counts, share);
  const [p50, p95, p99] = [quantile(0.5), quantile(0.95), quantile(0.99)];
  const latency = p50 === null || p95 === null || p99 === null ? null : { p50, p95, p99 };
  return { attempts, succeeded, failed, successRate: attempts === 0 ? null : succeeded / attempts, latency };
}
