import type { Sealer } from './audit/create-sealer.ts';
import type { Clock } from './clock/clock.ts';
import { sleep } from './clock/sleep.ts';
import type { ConnectorRegistry } from './connector/create-registry.ts';
import type { Storage } from './contracts/storage.ts';
import type { Dispatcher } from './dispatch/create-dispatcher.ts';
import { failureOf } from './errors/failure-of.ts';
import { PatchbayError } from './errors/patchbay-error.ts';
import type { ConnectorWatch } from './gateway/resilience/create-connector-watch.ts';
import type { Logger } from './logger/logger.ts';
import type { Network } from './net/create-network.ts';
import type { AlertCollector } from './notifications/create-alert-collector.ts';
import type { Router } from './routing/create-router.ts';
import { createStarter } from './start-connectors.ts';
import type { StorageUpkeep } from './storage-upkeep.ts';
import type { Subscribers } from './subscribers.ts';
import { takeHubTurn } from './take-hub-turn.ts';
import type { TurnResult } from './turn-result.ts';
import type { DeliveryCounts } from './webhooks/inbound/count-deliveries.ts';
import type { EndpointSlots } from './webhooks/outbound/endpoint-slots.ts';

/** What begins and ends with the hub. */
export interface LifecycleParts {
  readonly storage: Pick<Storage<unknown>, 'ready' | 'nextDue'>;
  readonly registry: Pick<ConnectorRegistry, 'list'>;
  readonly subscribers: Pick<Subscribers, 'store'>;
  readonly dispatcher: Pick<Dispatcher, 'start' | 'stop' | 'work'>;
  readonly router: Router;
  readonly upkeep: StorageUpkeep;
  readonly sealer: Sealer;
  readonly counts: Pick<DeliveryCounts, 'flush'>;
  readonly alerts: Pick<AlertCollector, 'stop'>;
  readonly slots: Pick<EndpointSlots, 'close'>;
  readonly network: Pick<Network, 'prepare' | 'close'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly connectorWatch: Pick<ConnectorWatch, 'suspend' | 'forget'>;
  /** Milliseconds that a connector's code gets to end. */
  readonly graceMs: number;
  /** Milliseconds between tries at what must be stored. */
  readonly pollMs: number;
  /** Called once, when the connectors have begun. */
  readonly prepared: () => void;
  /** What this process can execute. */
  readonly handlers: () => Iterable<string>;
}

/** The hub's life: ready, started, stopped. */
export interface Lifecycle {
  readonly ready: () => Promise<void>;
  readonly start: (options?: { readonly migrate?: boolean }) => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly work: (deadlineMs: number) => Promise<TurnResult>;
  /** Shuts a connector of this process down and initializes it anew. Throws what its code throws. */
  readonly restartConnector: (connector: string) => Promise<void>;
  /** Something is to be stored that was added after the hub was ready: stores it soon, and tries until it is. */
  readonly storeSoon: () => void;
}

/** Binds the parts to one life. `ready` is remembered while it holds and tried anew after it failed. */
export function createLifecycle(parts: LifecycleParts): Lifecycle {
  const { storage, network, subscribers, dispatcher, router, logger, clock } = parts;
  /** Aborts when the connectors are to end: at the end of a stop, or at its beginning where they have not begun. */
  const life = new AbortController();
  const closing = new AbortController();
  const starter = createStarter(parts, life.signal);
  let preparing: Promise<void> | undefined;
  let isPrepared = false;
  let stopping: Promise<void> | undefined;

  const refuseStopped = (): void => {
    if (stopping !== undefined) throw stopped();
  };

  const prepare = async (): Promise<void> => {
    await Promise.all([storage.ready(), network.prepare()]);
    await starter.start();
    if (!isPrepared) parts.prepared();
    isPrepared = true;
  };

  const ready = async (): Promise<void> => {
    refuseStopped();
    preparing ??= prepare().catch((error: unknown) => {
      preparing = undefined;
      throw error;
    });
    await preparing;
    await subscribers.store();
  };

  const storeUntilDone = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      try {
        return await subscribers.store();
      } catch (error) {
        logger.warn('a subscriber could not be stored; it is tried again', failureOf(error));
        await sleep(clock, parts.pollMs, closing.signal);
      }
    }
  };

  return {
    ready,
    restartConnector: starter.restart,
    storeSoon: () => {
      if (isPrepared) void storeUntilDone();
    },
    async start({ migrate = false } = {}) {
      refuseStopped();
      if (migrate) {
        await storage.ready({ migrate: true });
        // A look that began before the migration may have found nothing to stand on; it is made anew.
        await Promise.allSettled([preparing]);
      }
      await ready();
      // Stopped meanwhile: what starts now would never end.
      refuseStopped();
      dispatcher.start();
      router.start();
      parts.upkeep.start();
      parts.sealer.start();
    },
    stop() {
      closing.abort();
      if (!isPrepared) life.abort(stopped());
      stopping ??= end(parts, { preparing, life, shutDown: starter.shutDown });
      return stopping;
    },
    async work(deadlineMs) {
      await ready();
      refuseStopped();
      try {
        return await takeHubTurn({ ...parts, closing: closing.signal }, deadlineMs);
      } finally {
        // Whoever takes the next turn is another process, as likely as not.
        await parts.slots.close();
      }
    },
  };
}

function stopped(): PatchbayError {
  return new PatchbayError({ code: 'stopped', message: 'The hub has been stopped. Make a new one.' });
}

/** Waits for the promise, so many milliseconds at most. */
async function within(ms: number, clock: Clock, awaited: Promise<void>): Promise<void> {
  const patience = new AbortController();
  await Promise.race([awaited, sleep(clock, ms, patience.signal)]).finally(() => patience.abort());
}

interface Ending {
  readonly preparing: Promise<void> | undefined;
  readonly life: AbortController;
  readonly shutDown: () => Promise<void>;
}

/** Ends everything whatever fails on the way: what is left open would keep the process alive. */
async function end(parts: LifecycleParts, { preparing, life, shutDown }: Ending): Promise<void> {
  const { dispatcher, router, upkeep, sealer, counts, slots, network, logger, clock, graceMs } = parts;
  const attempt = async (what: string, act: () => Promise<unknown>): Promise<void> => {
    try {
      await act();
    } catch (error) {
      logger.warn(`${what} did not end well`, failureOf(error));
    }
  };
  await Promise.all([
    attempt('the worker', () => dispatcher.stop()),
    attempt('the router', () => router.stop()),
    attempt('the upkeep of the storage', () => within(graceMs, clock, upkeep.stop())),
    // A connector that ignores the signal while it starts is not waited for.
    within(
      graceMs,
      clock,
      Promise.allSettled([preparing]).then(() => undefined),
    ),
  ]);
  await attempt('the places of endpoints', () => within(graceMs, clock, slots.close()));
  // What it holds is weighed with the last counts; nothing is set off afterwards.
  parts.alerts.stop();
  await attempt('the counting of deliveries', () => counts.flush());
  await attempt('the sealing of what was done', () => within(graceMs, clock, sealer.stop()));
  life.abort(stopped());
  await attempt('the connectors', shutDown);
  await attempt('the network', () => network.close());
}
