import type { Clock, Timer } from '../clock/clock.ts';
import type { StateStore } from '../contracts/state-store.ts';
import { failureOf } from '../errors/failure-of.ts';
import type { GenerateId } from '../id/generate-id.ts';
import type { Logger } from '../logger/logger.ts';
import type { Notify } from '../notices/notices.ts';
import { broughtForward } from './check-schedule.ts';
import { type HealthState, healthName, readHealth, unknownHealth, writeHealth } from './health-state.ts';
import { type HealthFacts, type JudgedHealth, judgeHealth } from './judge-health.ts';
import { addSeen, isAlarming, nothingSeen, type SeenTraffic } from './seen-traffic.ts';
import { tellHealth } from './tell-health.ts';

/** One connection of a tenant. */
export interface HealthPlace {
  readonly tenant: string;
  readonly connection: string;
}

/** Keeps what is seen of connections, over all processes. */
export interface HealthBook {
  /**
   * What this process has seen of a connection and not written yet, to be changed in place; it is written within a second where `isUrgent`, else within
   * ten. `undefined`: too many are noted, and this one goes unseen.
   */
  note(tenant: string, connection: string, isUrgent: boolean): SeenTraffic | undefined;
  /** Shares what this process has seen, and tells what it means. Never rejects. */
  flush(): Promise<void>;
}

/** What the book needs. */
export interface HealthBookOptions {
  readonly states: Pick<StateStore, 'read' | 'write'>;
  readonly clock: Pick<Clock, 'now' | 'setTimer'>;
  readonly generateId: GenerateId;
  readonly random: () => number;
  readonly notify: Notify;
  readonly logger: Pick<Logger, 'warn'>;
  /** What else is known of a connection; `null` where there is none, or it has ended: then what is kept of it is forgotten. */
  readonly factsOf: (place: HealthPlace) => Promise<HealthFacts | null>;
}

/** Milliseconds until what is seen is shared. Successes make nobody wait. */
const shareAfter = { urgent: 1_000, usual: 10_000 };

/** Connections that are noted between two writes, and of which the state is remembered. */
const mostConnections = 10_000;

/** States of one call of the store. */
const mostAtOnce = 200;

/** Races for one state that are tried again; what is not shared then is forgotten: it is of the last seconds. */
const writeTries = 10;

interface Noted {
  readonly place: HealthPlace;
  readonly seen: SeenTraffic;
}

interface Known {
  readonly state: HealthState;
  readonly version: number | 'absent';
}

interface Change {
  readonly noted: Noted;
  readonly known: Known;
  readonly facts: HealthFacts | null;
  /** `null`: it is forgotten. */
  readonly judged: JudgedHealth | null;
  /** Tells this write from all others. */
  readonly by: string;
}

/** Makes the book. The health of a connection is one state, so that whoever writes another level or a warning is the one who tells. */
export function createHealthBook(options: HealthBookOptions): HealthBook {
  const { states, clock, generateId, random, notify, logger, factsOf } = options;
  let noted = new Map<string, Noted>();
  const known = new Map<string, Known>();
  let timer: { readonly dueAt: number; readonly timer: Timer } | undefined;
  let flushing: Promise<void> = Promise.resolve();

  const keep = (id: string, entry: Known): Known => {
    known.delete(id);
    known.set(id, entry);
    const [oldest] = known.keys();
    if (known.size > mostConnections && oldest !== undefined) known.delete(oldest);
    return entry;
  };

  const read = async ({ tenant, connection }: HealthPlace): Promise<Known> => {
    const stored = await states.read(tenant, healthName(connection));
    return keep(connection, { state: stored ? readHealth(stored.value) : unknownHealth, version: stored?.version ?? 'absent' });
  };

  const change = async (entry: Noted): Promise<Change> => {
    const from = known.get(entry.place.connection) ?? (await read(entry.place));
    const facts = await factsOf(entry.place);
    const now = clock.now();
    const added = addSeen(from.state, entry.seen, now);
    const hasLooked = entry.seen.check?.healthy === false;
    const planned = hasLooked || isAlarming(entry.seen) ? broughtForward(added, { now, chance: random(), hasLooked }) : added;
    return { noted: entry, known: from, facts, judged: facts && judgeHealth(planned, facts, now), by: generateId() };
  };

  /** Answers those that others have written meanwhile. */
  const share = async (entries: readonly Noted[]): Promise<readonly Noted[]> => {
    const changes = (await Promise.all(entries.map(change))).filter(({ judged, known: { version } }) => judged || version !== 'absent');
    const write = () => states.write(changes.map(writeOf));
    // Where only the answer was lost the same write gives the same verdicts, and what it changed is told.
    const verdicts = changes.length === 0 ? [] : await write().catch(write);
    return changes.flatMap((each, index) => {
      const { connection } = each.noted.place;
      const isWritten = verdicts[index]?.status === 'written';
      if (!isWritten || !each.judged) known.delete(connection);
      if (!isWritten) return [each.noted];
      if (!each.judged || !each.facts) return [];
      keep(connection, { state: each.judged.state, version: each.known.version === 'absent' ? 1 : each.known.version + 1 });
      tellHealth(notify, { ...each.noted.place, facts: each.facts, before: each.known.state, judged: each.judged, at: clock.now() });
      return [];
    });
  };

  const shareAll = async (): Promise<void> => {
    const all = [...noted.values()];
    noted = new Map();
    for (let first = 0; first < all.length; first += mostAtOnce) {
      let rest: readonly Noted[] = all.slice(first, first + mostAtOnce);
      for (let tries = 0; rest.length > 0 && tries < writeTries; tries += 1) rest = await share(rest);
    }
  };

  const flush = (): Promise<void> => {
    timer?.timer.cancel();
    timer = undefined;
    flushing = flushing.then(shareAll).catch((error: unknown) => {
      // Whether it was written is not known, so what is remembered is not either.
      known.clear();
      logger.warn('how connections are doing could not be shared with other processes', failureOf(error));
    });
    return flushing;
  };

  const plan = (isUrgent: boolean): void => {
    const now = clock.now();
    const dueAt = now + (isUrgent ? shareAfter.urgent : shareAfter.usual);
    if (timer && timer.dueAt <= dueAt) return;
    timer?.timer.cancel();
    timer = { dueAt, timer: clock.setTimer(() => void flush(), dueAt - now) };
  };

  return {
    flush,
    note(tenant, connection, isUrgent) {
      const entry = noted.get(connection);
      if (entry === undefined && noted.size >= mostConnections) return undefined;
      const seen = entry?.seen ?? nothingSeen();
      if (entry === undefined) noted.set(connection, { place: { tenant, connection }, seen });
      if (isUrgent || timer === undefined) plan(isUrgent);
      return seen;
    },
  };
}

function writeOf({ noted: { place }, known: { version }, judged, by }: Change) {
  const value = judged === null ? null : writeHealth(judged.state, by);
  return { tenant: place.tenant, name: healthName(place.connection), expect: version, value };
}
