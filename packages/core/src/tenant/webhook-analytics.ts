import { dayOf } from '../clock/day-of.ts';
import type { DayCount } from '../contracts/control-stores.ts';
import { type DeliveryTime, timeBuckets } from '../webhooks/inbound/delivery-times.ts';
import type { TimeWindow } from './check-window.ts';
import { countedDays } from './counted-days.ts';
import { endedSince } from './ended-registrations.ts';
import { allRegistrations } from './registration-services.ts';
import type { TenantScope } from './tenant-services.ts';

/** Days, and of what. Whole days in UTC are counted, those of both ends among them. */
export interface AnalyticsRequest extends TimeWindow {
  /** Id of one, `app:{connector}` for what came to the URL of an app, or `receiver:{id}` for what came to a receiver. @default all */
  readonly registration?: string;
  /** @default those of all connectors */
  readonly connector?: string;
}

/** What became of events and deliveries. */
export interface WebhookCounts {
  /** Events taken in. */
  readonly received: number;
  /** That had come before. */
  readonly duplicate: number;
  /** Of no interest: a ping, a trigger that is turned off or not registered. */
  readonly ignored: number;
  /** Of a resource that the connection is not confined to. */
  readonly confined: number;
  /** Kept out by the rules of the registration. */
  readonly filtered: number;
  readonly dropped: number;
  readonly sampled: number;
  /** Not what the connector or its schema expects, and not kept. */
  readonly invalid: number;
  /** Verified, could not become events, and kept whole to be replayed. */
  readonly kept: number;
  /** Could not be taken in for our own sake; the service sends again. */
  readonly failed: number;
  /** Without a right signature. Those without any are counted nowhere: anybody can send them. */
  readonly refused: number;
  /** Verified: all of the above but what was refused. */
  readonly verified: number;
}

/** How many events took how long: by the upper end of each bucket in milliseconds, `null` for what took longer. */
export type TimeCounts = readonly { readonly toMs: number | null; readonly count: number }[];

/** Counts with durations. */
export interface WebhookFigures {
  readonly counts: WebhookCounts;
  /** From what the service says of when it happened to its receipt. */
  readonly lag: TimeCounts;
  /** From the receipt to the commit. */
  readonly commit: TimeCounts;
}

/** What came in over some days. Counts are written at most once a second, and a process that is lost takes those of its last second with it. */
export interface WebhookAnalytics extends WebhookFigures {
  readonly days: readonly ({ readonly day: string } & WebhookFigures)[];
  readonly registrations: readonly ({ readonly registration: string; readonly connector: string | null } & WebhookFigures)[];
}

/** Reads the counts of a tenant's webhooks. Throws `invalid_argument` for a window that is none. */
export async function webhookAnalytics(scope: TenantScope, request: AnalyticsRequest): Promise<WebhookAnalytics> {
  const { tenant, storage, clock } = scope;
  const days = countedDays(request, clock);
  await scope.ready();
  const rows = await allRegistrations(scope);
  const connectorOf = new Map([...(await endedSince(scope, days.fromDay)), ...rows.map(({ id, value }) => [id, value.connector] as const)]);
  const prefix = request.registration === undefined ? 'webhook:' : `webhook:${request.registration}:`;
  const listed = await storage.counters.list({ tenant, prefix, ...days });
  const counts = listed.map(named).filter((count) => {
    const connector = connectorOf.get(count.registration) ?? appOf(count.registration);
    return request.connector === undefined || connector === request.connector;
  });
  const byDay = Map.groupBy(counts, ({ day }) => day);
  const byRegistration = Map.groupBy(counts, ({ registration }) => registration);
  return {
    ...figuresOf(counts),
    days: [...byDay].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([day, some]) => ({ day, ...figuresOf(some) })),
    registrations: [...byRegistration].map(([registration, some]) => {
      return { registration, connector: connectorOf.get(registration) ?? appOf(registration), ...figuresOf(some) };
    }),
  };
}

/** What one registration has had since it was made. */
export async function countsSince(
  { tenant, storage, clock }: TenantScope,
  { id, since }: { readonly id: string; readonly since: number },
): Promise<WebhookCounts> {
  const listed = await storage.counters.list({ tenant, prefix: `webhook:${id}:`, fromDay: dayOf(since), toDay: dayOf(clock.now()) });
  return figuresOf(listed.map(named)).counts;
}

interface NamedCount extends DayCount {
  readonly registration: string;
  readonly what: string;
}

/** `webhook:{registration}:{what}`; an app's registration and that of a receiver hold a colon themselves. */
function named(count: DayCount): NamedCount {
  const [, registration = '', what = ''] = /^webhook:((?:app|receiver):[^:]*|[^:]*):(.*)$/.exec(count.name) ?? [];
  return { ...count, registration, what };
}

const appOf = (registration: string): string | null => (registration.startsWith('app:') ? registration.slice('app:'.length) : null);

function figuresOf(counts: readonly NamedCount[]): WebhookFigures {
  const sum = (name: string): number => counts.reduce((total, { what, count }) => (what === name ? total + count : total), 0);
  const told = {
    ...{ received: sum('received'), duplicate: sum('duplicate'), ignored: sum('ignored'), confined: sum('confined') },
    ...{
      filtered: sum('filtered'),
      dropped: sum('dropped'),
      sampled: sum('sampled'),
      invalid: sum('invalid'),
      kept: sum('kept'),
      failed: sum('failed'),
    },
  };
  const verified = Object.values(told).reduce((total, count) => total + count, 0);
  const timesOf = (what: DeliveryTime): TimeCounts => [
    ...timeBuckets[what].map((toMs) => ({ toMs, count: sum(`${what}:${toMs}`) })),
    { toMs: null, count: sum(`${what}:more`) },
  ];
  return { counts: { ...told, refused: sum('refused'), verified }, lag: timesOf('lag'), commit: timesOf('commit') };
}
