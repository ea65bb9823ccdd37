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
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly random: () => number;
  readonly generateId: GenerateId;
  readonly logger: Pick<Logger, 'warn'>;
  /** Milliseconds between two looks at a connection that is used. */
  readonly checkEveryMs: number;
  /** Looks under way at once in this process. */
  readonly concurrency: number;
  /** Looks after which a sweep ends with the tenants that it has begun; the others are for the next. */
  readonly mostChecks: number;
  /** Milliseconds after which it begins no more: where services hang, what is due waits for the next, which begins behind these tenants. */
  readonly forMs: number;
  /** Connectors that this process has. */
  readonly knows: (connector: string) => boolean;
  /** Looks at one, and writes what it shows. Never throws. */
  readonly look: (tenant: string, connection: Row<'connection'>) => Promise<void>;
  /** Aborts when the process is to look at no more. */
  readonly signal: AbortSignal;
}

/** Tenants that are read in one go. */
const tenantsAtOnce = 50;

/** States that are written in one call of the store: looks that are claimed and begun soon after. */
const statesAtOnce = 32;

/** Lanes closed for these reasons are left alone: somebody has asked for less, or nothing would go out. */
const leftAlone: ReadonlySet<GateReason> = new Set(['paused', 'disabled', 'breaker', 'rate_limited', 'plan']);

interface Claim {
  readonly tenant: string;
  readonly connection: Row<'connection'>;
  readonly write: StateWrite;
  readonly isLook: boolean;
}

/**
 * Looks at every connection that is due, tenants in turn, so that one whose services hang keeps nobody else's from being looked at. Its next look is written
 * before the look begins, by compare-and-set, so that of several processes one makes it; a process that is lost in between costs that one look. Where a
 * tenant cannot be read the others go on. Answers how many were looked at, and behind which tenant the next sweep goes on.
 */
export async function sweepChecks(
  options: CheckSweepOptions,
  begin: string | null,
): Promise<{ readonly looked: number; readonly cursor: string | null }> {
  const { storage, mostChecks, forMs, clock, signal } = options;
  const endsAt = clock.monotonic() + forMs;
  const isOver = (): boolean => signal.aborted || clock.monotonic() >= endsAt;
  let looked = 0;
  for (let cursor = begin; ; ) {
    const tenants = await storage.listTenants({ after: cursor, limit: tenantsAtOnce });
    const due: (readonly Claim[])[] = [];
    // Of all of them first: most tenants have few connections, and the looks are to go side by side.
    for (const tenant of tenants) if (!isOver()) due.push(await dueOrWarn(options, tenant));
    looked += await lookAtAll(options, inTurn(due), isOver);
    if (tenants.length < tenantsAtOnce) return { looked, cursor: null };
    cursor = tenants.at(-1) ?? null;
    if (isOver() || looked >= mostChecks) return { looked, cursor };
  }
}

/** The first of each tenant, then the second of each, and so on. */
function inTurn(due: readonly (readonly Claim[])[]): readonly Claim[] {
  const most = Math.max(0, ...due.map(({ length }) => length));
  return Array.from({ length: most }, (_, index) => due.flatMap((claims) => claims[index] ?? [])).flat();
}

async function dueOrWarn(options: CheckSweepOptions, tenant: string): Promise<readonly Claim[]> {
  try {
    return await dueOf(options, tenant);
  } catch (error) {
    options.logger.warn('the connections of a tenant could not be looked at; it is tried again', { tenant, ...failureOf(error) });
    return [];
  }
}

/** Those of a tenant that are to be looked at or planned now. */
async function dueOf(options: CheckSweepOptions, tenant: string): Promise<readonly Claim[]> {
  const { storage } = options;
  const connections = (await listConnections(storage.configuration, tenant)).filter((row) => canBeLookedAt(options, row));
  if (connections.length === 0) return [];
  const known = await statesOf(storage.states, tenant);
  const due = connections.flatMap((row) => claimOf(options, { tenant, connection: row, known: known.get(healthName(row.id)) }));
  if (due.length === 0) return [];
  const closed = new Set((await storage.gates.list(tenant)).filter(({ reason }) => leftAlone.has(reason)).map(({ lane }) => lane));
  return due.filter(({ connection, isLook }) => !isLook || !closed.has(connectionLane(connection.id)));
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

/** So many at a time; each is claimed a moment before. Answers how many it has begun. */
async function lookAtAll(options: CheckSweepOptions, due: readonly Claim[], isOver: () => boolean): Promise<number> {
  const { concurrency, look } = options;
  const rest = claimed(options, due, isOver);
  let begun = 0;
  const work = async (): Promise<void> => {
    for await (const { tenant, connection } of { [Symbol.asyncIterator]: () => ({ next: () => rest.next() }) }) {
      if (isOver()) return;
      begun += 1;
      await look(tenant, connection);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, due.length) }, work));
  return begun;
}

/** Those that this process is to look at: it alone has written when they are looked at next. */
async function* claimed({ storage, logger }: CheckSweepOptions, due: readonly Claim[], isOver: () => boolean): AsyncGenerator<Claim, void> {
  for (let first = 0; first < due.length && !isOver(); first += statesAtOnce) {
    const page = due.slice(first, first + statesAtOnce);
    const verdicts = await storage.states.write(page.map(({ write }) => write)).catch((error: unknown) => {
      logger.warn('looks at connections could not be planned; it is tried again', failureOf(error));
      return [];
    });
    for (const [index, claim] of page.entries()) if (claim.isLook && verdicts[index]?.status === 'written') yield claim;
  }
}
