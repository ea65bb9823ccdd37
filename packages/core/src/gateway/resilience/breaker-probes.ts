import type { Clock } from '../../clock/clock.ts';
import type { NamedLease } from '../../contracts/control-stores.ts';
import type { ErrorClass } from '../../errors/error-class.ts';
import type { GuardedCall } from '../call-guard.ts';
import { type BreakerState, isOpen } from './breaker-state.ts';
import { type BreakerStore, nameOf } from './breaker-store.ts';
import type { BreakerTransitions } from './breaker-transitions.ts';
import type { CallVerdict } from './call-verdict.ts';

/** The one call over all processes that finds out whether a service works again. */
export interface BreakerProbes {
  /**
   * Makes a call the probe. `probe`: it may go; `closed`: nothing is to be found out any more, and it may go; a number: milliseconds after which it may
   * come again.
   */
  begin(call: GuardedCall): Promise<'probe' | 'closed' | number>;
  /** True for a call that was let in as a probe. */
  has(call: GuardedCall): boolean;
  /** What a probe has shown. One that shows nothing loses its lease alone, and the next call is the probe. */
  end(call: GuardedCall, shown: { readonly verdict: CallVerdict; readonly cause: ErrorClass }): Promise<void>;
}

/** What {@link createBreakerProbes} is given. */
export interface BreakerProbesOptions {
  readonly store: BreakerStore;
  readonly transitions: BreakerTransitions;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** The store's time, milliseconds since 1970. */
  readonly now: () => Promise<number>;
}

interface Probe {
  readonly lease: NamedLease;
  readonly state: BreakerState;
  readonly turn: Turn;
}

/** One time that this process has the lease of a place, or asks for it. */
interface Turn {
  /** Monotonic time at which the lease is surely over. */
  until: number;
}

/** Milliseconds that the lease outlasts the request. */
const graceMs = 10_000;

/** Milliseconds for which a request that may last longer, such as an upload, is waited for: then another finds out, whether its process lives or not. */
const longestProbeMs = 60_000;

/** Milliseconds after which a call comes again that another's probe keeps waiting. */
export const probedAgainMs = 1_000;

/** Makes one that has begun none. */
export function createBreakerProbes({ store, transitions, clock, now }: BreakerProbesOptions): BreakerProbes {
  const probes = new Map<GuardedCall, Probe>();
  /** By place: asked again while it lasts, its own lease would be handed out to this process a second time. */
  const turns = new Map<string, Turn>();

  const leave = (name: string, turn: Turn): void => {
    if (turns.get(name) === turn) turns.delete(name);
  };

  const lease = async (call: GuardedCall, turn: Turn): Promise<'probe' | 'closed' | number> => {
    const ttlMs = Math.min(longestProbeMs, Math.max(0, call.endsAt - clock.monotonic())) + graceMs;
    const held = await store.leaseProbe(call, ttlMs);
    if (held === null) return probedAgainMs;
    turn.until = clock.monotonic() + ttlMs;
    // Somebody may have found out while the lease was asked for.
    const state = await store.read(call);
    const left = state !== null && isOpen(state) ? state.openUntil - (await now()) : null;
    if (state !== null && left !== null && left <= 0) {
      probes.set(call, { lease: held, state, turn });
      // While somebody tries it, nobody else need ask.
      await store.closeLane(call, ttlMs);
      return 'probe';
    }
    await store.endProbe(held);
    return left ?? 'closed';
  };

  return {
    async begin(call) {
      const name = nameOf(call);
      if (clock.monotonic() < (turns.get(name)?.until ?? Number.NEGATIVE_INFINITY)) return probedAgainMs;
      const turn: Turn = { until: Number.POSITIVE_INFINITY };
      turns.set(name, turn);
      try {
        return await lease(call, turn);
      } finally {
        if (!probes.has(call)) leave(name, turn);
      }
    },
    has: (call) => probes.size > 0 && probes.has(call),
    async end(call, { verdict, cause }) {
      const probe = probes.get(call);
      if (probe === undefined) return;
      try {
        if (verdict === 'good') await transitions.close(call);
        else if (verdict === 'bad') await transitions.reopen(call, cause, probe.state);
        // Another probe may have opened it anew since: its lane is closed for good reason.
        else if ((await store.read(call))?.at === probe.state.at) await store.openLane(call);
      } finally {
        probes.delete(call);
        await store.endProbe(probe.lease).finally(() => leave(nameOf(call), probe.turn));
      }
    },
  };
}
