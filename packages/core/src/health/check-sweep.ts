import type { Clock } from '../clock/clock.ts';
import { listConnections } from '../connections/list-connections.ts';
import type { ConfigurationStore, Row } from '../contracts/configuration-store.ts';
import type { GateReason, GateStore } from '../contracts/control-stores.ts';
import type { StatePage, StateStore, StateWrite } from '../contracts/state-store.ts';
import type { Storage } from '../contracts/storage.ts';
import { failureOf } from '../errors/failure-of.ts';
import type { GenerateId } from '../id/generate-id.ts';
import type { Logger } from '../logger/logger.ts';
import { checkVerdict, nextCheck, putOff } from './check-schedule.ts';
import { type HealthState, healthName, healthPrefix, readHealth, unknownHealth, writeHealth } from './health-state.ts';
import { connectionLane } from './lane-gates.ts';

/** What looking at the services of all connections needs. */
export interface CheckSweepOptions {
  readonly storage: Pick<Storage<unknown>, 'listTenants'> & {
    readonly configuration: ConfigurationStore;
    readonly states: Pick<StateStore, 'list' | 'write'>;
    readonly gates: Pick<GateStore, 'list'>;
  };
  readonly clock: Pick<Clock, 'now'>;
  readonly random: () => number;
  readonly generateId: GenerateId;
  readonly logger: Pick<Logger, 'warn'>;
  /** Milliseconds between two looks at a connection that is used. */
  readonly checkEveryMs: number;
  /** Looks under way at once in this process. */
  readonly concurrency: number;
  /** Looks after which a sweep ends with the tenants that it has begun; the others are for the next. */
  readonly mostChecks: number;
  /** Connectors that this process has. */
  readonly knows: (connector: string) => boolean;
  /** Looks at one, and writes what it shows. Never throws. */
  readonly look: (tenant: string, connection: Row<'connection'>) => Promise<void>;
  /** Aborts when the process is to look at no more. */
  readonly signal: AbortSignal;
}

/** Tenants that are read in one go. */
const tenantsAtOnce = 50;

/** States that are written in one call of the store. */
const statesAtOnce = 200;

/** Lanes closed for these reasons are left alone: somebody has asked for less, or nothing would go out. */
const leftAlone: ReadonlySet<GateReason> = new Set(['paused', 'disabled', 'breaker', 'rate_limited', 'plan']);

interface Claim {
  readonly tenant: string;
  readonly connection: Row<'connection'>;
  readonly write: StateWrite;
  readonly isLook: boolean;
}

/**
 * Looks at every connection that is due. Its next look is written before the look begins, by compare-and-set, so that of several processes one makes
 * it; a process that is lost in between costs that one look. Where a tenant cannot be read the others go on. Answers how many were looked at,
 * and behind which tenant the next sweep goes on.
 */
export async function sweepChecks(
  options: CheckSweepOptions,
  begin: string | null,
): Promise<{ readonly looked: number; readonly cursor: string | null }> {
  const { storage, mostChecks, signal } = options;
  let looked = 0;
  for (let cursor = begin; ; ) {
    const tenants = await storage.listTenants({ after: cursor, limit: tenantsAtOnce });
    const claimed: Claim[] = [];
    // Of all of them first: most tenants have few connections, and the looks are to go side by side.
    for (const tenant of tenants) if (!signal.aborted) claimed.push(...(await claimOrWarn(options, tenant)));
    await lookAtAll(options, claimed);
    looked += claimed.length;
    if (tenants.length < tenantsAtOnce) return { looked, cursor: null };
    cursor = tenants.at(-1) ?? null;
    if (signal.aborted || looked >= mostChecks) return { looked, cursor };
  }
}

async function claimOrWarn(options: CheckSweepOptions, tenant: string): Promise<readonly Claim[]> {
  try {
    return await claimDue(options, tenant);
  } catch (error) {
    options.logger.warn('the connections of a tenant could not be looked at; it is tried again', { tenant, ...failureOf(error) });
    return [];
  }
}

/** Those that this process is to look at now: it alone has written when they are looked at next. */
async function claimDue(options: CheckSweepOptions, tenant: string): Promise<readonly Claim[]> {
  const { storage } = options;
  const connections = (await listConnections(storage.configuration, tenant)).filter((row) => canBeLookedAt(options, row));
  if (connections.length === 0) return [];
  const known = await statesOf(storage.states, tenant);
  const due = connections.flatMap((row) => claimOf(options, { tenant, connection: row, known: known.get(healthName(row.id)) }));
  if (due.length === 0) return [];
  const closed = new Set((await storage.gates.list(tenant)).filter(({ reason }) => leftAlone.has(reason)).map(({ lane }) => lane));
  const wanted = due.filter(({ connection, isLook }) => !isLook || !closed.has(connectionLane(connection.id)));
  const claimed: Claim[] = [];
  for (let first = 0; first < wanted.length; first += statesAtOnce) {
    const page = wanted.slice(first, first + statesAtOnce);
    const verdicts = await storage.states.write(page.map(({ write }) => write));
    claimed.push(...page.filter(({ isLook }, index) => isLook && verdicts[index]?.status === 'written'));
  }
  return claimed;
}

function canBeLookedAt({ knows }: CheckSweepOptions, { value }: Row<'connection'>): boolean {
  return (value.status === 'active' || value.status === 'error') && knows(value.connector);
}

interface KnownState {
  readonly state: HealthState;
  readonly version: number;
}

async function statesOf(states: Pick<StateStore, 'list'>, tenant: string): Promise<ReadonlyMap<string, KnownState>> {
  const found = new Map<string, KnownState>();
  for (let cursor: string | null = null; ; ) {
    const page: StatePage = await states.list(tenant, healthPrefix, { cursor, limit: 500 });
    for (const { name, value, version } of page.entries) found.set(name, { state: readHealth(value), version });
    cursor = page.cursor;
    if (cursor === null) return found;
  }
}

interface Candidate {
  readonly tenant: string;
  readonly connection: Row<'connection'>;
  readonly known: KnownState | undefined;
}

function claimOf(options: CheckSweepOptions, { tenant, connection, known }: Candidate): readonly Claim[] {
  const { clock, random, generateId, checkEveryMs } = options;
  const state = known?.state ?? unknownHealth;
  const times = { now: clock.now(), chance: random(), checkEveryMs, connectedAt: connection.value.connectedAt };
  const verdict = checkVerdict(state, times.now);
  if (verdict === 'wait') return [];
  const next = verdict === 'look' ? nextCheck(state, times) : putOff(times);
  const value = writeHealth({ ...state, next }, generateId());
  const write = { tenant, name: healthName(connection.id), expect: known?.version ?? ('absent' as const), value };
  return [{ tenant, connection, write, isLook: verdict === 'look' }];
}

/** So many at a time. */
async function lookAtAll({ concurrency, look, signal }: CheckSweepOptions, claimed: readonly Claim[]): Promise<void> {
  const rest = claimed.values();
  const work = async (): Promise<void> => {
    for (const { tenant, connection } of rest) {
      if (signal.aborted) return;
      await look(tenant, connection);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, claimed.length) }, work));
}
