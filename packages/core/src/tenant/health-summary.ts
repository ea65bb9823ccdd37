import { listConnections } from '../connections/list-connections.ts';
import type { Row } from '../contracts/configuration-store.ts';
import type { StatePage } from '../contracts/state-store.ts';
import { type HealthState, healthName, healthPrefix, readHealth } from '../health/health-state.ts';
import { connectionLane } from '../health/lane-gates.ts';
import { outcomeName, outcomePrefix } from '../health/outcome-counts.ts';
import { readCountName } from '../webhooks/outbound/delivery-statistics.ts';
import { invalid } from './bulk-request.ts';
import type { TenantScope } from './tenant-services.ts';

/** Of what, and over how many days. */
export interface HealthSummaryRequest {
  /** Connections of this connector alone; the other figures are the tenant's whole. @default those of all */
  readonly connector?: string;
  /** Days in UTC that accounts connected, renewals and deliveries are counted over, today among them, 1 to 90. @default 7 */
  readonly days?: number;
}

/** Counts that can be added up over tenants. Connections that have ended or were never connected are none. */
export interface HealthCounts {
  readonly connections: number;
  /** Active, and their score is good; then `degraded`, and `poor`, which those that are not active are as well. Together all of them. */
  readonly good: number;
  readonly degraded: number;
  readonly poor: number;
  readonly paused: number;
  /** A warning stands. */
  readonly warned: number;
  readonly reconnectAsked: number;
  /** Flows of OAuth that people came back from: completed, and not. */
  readonly connectsSucceeded: number;
  readonly connectsFailed: number;
  readonly renewalsSucceeded: number;
  readonly renewalsFailed: number;
  /** Attempts at endpoints. */
  readonly deliveriesSucceeded: number;
  readonly deliveriesFailed: number;
}

/** Shares, 0 to 1; `null` where there was nothing. */
export interface HealthRates {
  readonly healthyConnections: number | null;
  /** Of accounts connected and access tokens renewed. */
  readonly oauthSuccess: number | null;
  readonly deliverySuccess: number | null;
}

/** Counts with their rates. */
export interface HealthSummary {
  readonly counts: HealthCounts;
  readonly rates: HealthRates;
}

/** Nothing. */
export const noHealth: HealthCounts = {
  connections: 0,
  good: 0,
  degraded: 0,
  poor: 0,
  paused: 0,
  warned: 0,
  reconnectAsked: 0,
  connectsSucceeded: 0,
  connectsFailed: 0,
  renewalsSucceeded: 0,
  renewalsFailed: 0,
  deliveriesSucceeded: 0,
  deliveriesFailed: 0,
};

/** Rates of counts. */
export function ratesOf(counts: HealthCounts): HealthRates {
  const { connectsSucceeded, connectsFailed, renewalsSucceeded, renewalsFailed, deliveriesSucceeded, deliveriesFailed } = counts;
  const oauth = connectsSucceeded + renewalsSucceeded;
  return {
    healthyConnections: share(counts.good, counts.connections),
    oauthSuccess: share(oauth, oauth + connectsFailed + renewalsFailed),
    deliverySuccess: share(deliveriesSucceeded, deliveriesSucceeded + deliveriesFailed),
  };
}

/** Throws `invalid_argument` for days that cannot be meant. */
export function checkDays({ days = usualDays }: HealthSummaryRequest): number {
  if (Number.isInteger(days) && days >= 1 && days <= mostDays) return days;
  throw invalid(`The days of a summary are a whole number from 1 to ${mostDays}. Correct them.`);
}

const usualDays = 7;
const mostDays = 90;
const dayMs = 86_400_000;

/** How the connections of a tenant are, and how its connecting, renewing and delivering goes. */
export async function healthSummary(scope: TenantScope, request: HealthSummaryRequest): Promise<HealthSummary> {
  const days = checkDays(request);
  await scope.ready();
  const counts = { ...noHealth, ...(await countConnections(scope, request)), ...(await countOutcomes(scope, days)) };
  return { counts, rates: ratesOf(counts) };
}

async function countConnections(scope: TenantScope, { connector }: HealthSummaryRequest): Promise<Partial<HealthCounts>> {
  const { tenant, storage, health } = scope;
  await health.flush();
  const rows = (await listConnections(storage.configuration, tenant)).filter(
    ({ value }) => value.status !== 'disconnected' && value.status !== 'initializing' && (connector ?? value.connector) === value.connector,
  );
  const states = await statesOf(scope);
  const closed = (await storage.gates.list(tenant)).filter(({ reason }) => reason === 'paused').map(({ lane }) => lane);
  const paused = new Set(closed);
  const count = (fits: (row: Row<'connection'>) => boolean): number => rows.filter(fits).length;
  const level = ({ id, value }: Row<'connection'>) => (value.status === 'active' ? (states.get(healthName(id))?.level ?? 'good') : 'poor');
  return {
    connections: rows.length,
    good: count((row) => level(row) === 'good'),
    degraded: count((row) => level(row) === 'degraded'),
    poor: count((row) => level(row) === 'poor'),
    paused: count(({ id }) => paused.has(connectionLane(id))),
    warned: count(({ id }) => (states.get(healthName(id))?.warning ?? null) !== null),
    reconnectAsked: count(({ value }) => value.reconnectAsked !== undefined),
  };
}

async function statesOf({ tenant, storage }: TenantScope): Promise<ReadonlyMap<string, HealthState>> {
  const found = new Map<string, HealthState>();
  for (let cursor: string | null = null; ; ) {
    const page: StatePage = await storage.states.list(tenant, healthPrefix, { cursor, limit: 500 });
    for (const { name, value } of page.entries) found.set(name, readHealth(value));
    cursor = page.cursor;
    if (cursor === null) return found;
  }
}

async function countOutcomes({ tenant, storage, clock }: TenantScope, days: number): Promise<Partial<HealthCounts>> {
  const now = clock.now();
  const window = { tenant, fromDay: dayOf(now - (days - 1) * dayMs), toDay: dayOf(now) };
  const outcomes = await storage.counters.list({ ...window, prefix: outcomePrefix });
  const deliveries = await storage.counters.list({ ...window, prefix: 'delivery:' });
  const sum = (counted: typeof outcomes, fits: (name: string) => boolean): number =>
    counted.reduce((total, { name, count }) => (fits(name) ? total + count : total), 0);
  const delivered = (outcome: 'succeeded' | 'failed'): number => sum(deliveries, (name) => readCountName(name)?.outcome === outcome);
  const named = (name: string): number => sum(outcomes, (each) => each === name);
  return {
    connectsSucceeded: named(outcomeName('connect', true)),
    connectsFailed: named(outcomeName('connect', false)),
    renewalsSucceeded: named(outcomeName('renewal', true)),
    renewalsFailed: named(outcomeName('renewal', false)),
    deliveriesSucceeded: delivered('succeeded'),
    deliveriesFailed: delivered('failed'),
  };
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
