import type { Clock } from '../../clock/clock.ts';
import type { Row } from '../../contracts/configuration-store.ts';
import { type ErrorClass, errorClass } from '../../errors/error-class.ts';
import { failureOf } from '../../errors/failure-of.ts';
import type { Logger } from '../../logger/logger.ts';
import type { Notify } from '../../notices/notices.ts';
import type { CallGuard, GuardedCall } from '../call-guard.ts';
import { createBreakerProbes } from './breaker-probes.ts';
import type { OpenTimes } from './breaker-state.ts';
import { type BreakerStoreOptions, createBreakerStore, nameOf } from './breaker-store.ts';
import { createBreakerTransitions } from './breaker-transitions.ts';
import { createBreakerViews, type KnownBreaker } from './breaker-views.ts';
import { callVerdict } from './call-verdict.ts';
import { createFailureCounts, type OpeningFigures } from './failure-counts.ts';
import { heldByBreaker } from './held-back.ts';

/** When breakers open, and for how long. */
export interface BreakerFigures extends OpeningFigures, OpenTimes {}

/** What {@link createBreakers} is given. */
export interface BreakersOptions extends BreakerStoreOptions {
  readonly clock: Pick<Clock, 'monotonic' | 'now' | 'setTimer'>;
  /** The store's time, milliseconds since 1970. */
  readonly now: () => Promise<number>;
  readonly notify: Notify;
  readonly logger: Logger;
  /** Between 0 and 1. */
  readonly random: () => number;
  readonly figures: BreakerFigures;
  /** Called when a lane is open again. */
  readonly wake: () => void;
}

/** The breakers of connections and their hosts: a guard before each request that costs next to nothing while none is open. */
export interface Breakers extends CallGuard {
  /** Closes all of a connection, and forgets how often they had opened; other processes hear of it within five seconds. Answers how many were open. */
  reset(tenant: string, connection: Row<'connection'>): Promise<number>;
  /** Resolves when what has been noted so far is stored. */
  flush(): Promise<void>;
}

/** Milliseconds for which a process goes by what it knows; half of that before it looks anew beside the calls. */
const trustedFor = 5_000;
const refreshedAfter = 2_500;

/** The same before a call is refused, and after one has failed. */
const refusedBy = 1_000;

/** Lanes of which this process remembers that it has closed them. */
const mostKeptAway = 10_000;

/** Makes breakers that are all closed, as far as this process knows. */
export function createBreakers(options: BreakersOptions): Breakers {
  const { clock, figures, logger } = options;
  const store = createBreakerStore(options);
  const views = createBreakerViews(options);
  const counts = createFailureCounts(figures, () => clock.monotonic());
  const transitions = createBreakerTransitions({ ...options, store, views, times: figures });
  const probes = createBreakerProbes({ ...options, store, transitions });
  const underWay = new Set<Promise<void>>();
  /** For which end of its time the lane of a place was closed by this process last. */
  const keptAway = new Map<string, number>();

  const behind = (work: Promise<unknown>): void => {
    const done = work
      .catch((error: unknown) => logger.warn('the state of a breaker could not be stored', failureOf(error)))
      .then(() => void underWay.delete(done));
    underWay.add(done);
  };

  /** Closes the lane of a connection whose breaker another process has opened, once: that one may have died before it could. */
  const keepAway = (call: GuardedCall, { state }: KnownBreaker, forMs: number): void => {
    const name = nameOf(call);
    if (keptAway.get(name) === state.openUntil) return;
    keptAway.delete(name);
    keptAway.set(name, state.openUntil);
    const oldest = keptAway.size > mostKeptAway ? keptAway.keys().next().value : undefined;
    if (oldest !== undefined) keptAway.delete(oldest);
    behind(store.closeLane(call, forMs));
  };

  const probe = async (call: GuardedCall): Promise<void> => {
    const verdict = await probes.begin(call).catch((error: unknown) => {
      logger.warn('a breaker could not be probed, so its call goes on', failureOf(error));
      return 'probe' as const;
    });
    if (verdict === 'closed') views.put(call.tenant, nameOf(call), null);
    if (typeof verdict === 'number') throw heldByBreaker(call.origin, verdict);
  };

  const holdBack = async (call: GuardedCall): Promise<void> => {
    const known = (await views.read(call.tenant, refusedBy, call.maximumWaitMs)).get(nameOf(call));
    if (known === undefined) return;
    const left = known.openUntil - clock.monotonic();
    if (left <= 0) return probe(call);
    keepAway(call, known, left);
    throw heldByBreaker(call.origin, left);
  };

  const judge = (call: GuardedCall): Promise<void> | undefined => {
    const breakers = views.peek(call.tenant)?.breakers;
    return breakers === undefined || breakers.size === 0 || !breakers.has(nameOf(call)) ? undefined : holdBack(call);
  };

  const failed = (call: GuardedCall, cause: ErrorClass): void => {
    const name = nameOf(call);
    // Others may know more of it already.
    behind(views.read(call.tenant, refusedBy));
    // Those that were under way when it opened say nothing new.
    if (views.peek(call.tenant)?.breakers.has(name) || !counts.failed(name)) return;
    const at = clock.now();
    const meanwhile = { opens: 1, openUntil: at + figures.firstOpenMs, at, cause };
    views.put(call.tenant, name, { state: meanwhile, openUntil: clock.monotonic() + figures.firstOpenMs });
    behind(transitions.open(call, cause));
  };

  return {
    admit(call) {
      const view = views.peek(call.tenant);
      const age = view === undefined ? trustedFor : call.startedAt - view.readAt;
      if (age >= trustedFor) return views.read(call.tenant, trustedFor, call.maximumWaitMs).then(() => judge(call));
      if (age >= refreshedAfter) behind(views.read(call.tenant, refreshedAfter));
      return judge(call);
    },
    ended(call, ending) {
      const verdict = callVerdict(ending);
      if (probes.has(call)) behind(probes.end(call, { verdict, cause: errorClass(ending.fault) }));
      else if (verdict === 'bad') failed(call, errorClass(ending.fault));
      else if (verdict === 'good' && counts.size > 0) counts.succeeded(nameOf(call));
    },
    reset: transitions.reset,
    async flush() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
