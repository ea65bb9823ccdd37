import type { ConnectorRegistry } from './connector/create-registry.ts';
import type { Storage } from './contracts/storage.ts';
import type { Dispatcher } from './dispatch/create-dispatcher.ts';
import { PatchbayError } from './errors/patchbay-error.ts';
import type { Logger } from './logger/logger.ts';
import type { Network } from './net/create-network.ts';
import type { Router } from './routing/create-router.ts';
import type { Subscribers } from './subscribers.ts';
import type { DeliveryCounts } from './webhooks/inbound/count-deliveries.ts';

/** What begins and ends with the hub. */
export interface LifecycleParts {
  readonly storage: Storage<unknown>;
  readonly registry: ConnectorRegistry;
  readonly subscribers: Subscribers;
  readonly dispatcher: Dispatcher;
  readonly router: Router;
  readonly counts: DeliveryCounts;
  readonly network: Network;
  readonly logger: Logger;
  /** What this process can execute. */
  readonly handlers: () => Iterable<string>;
}

/** What a bounded turn did. */
export interface TurnResult {
  /** Dispatches executed. */
  readonly executed: number;
  /** Milliseconds until the next turn is worth while: something is due then, or a lease ends; `null`: nothing waits. */
  readonly nextDueMs: number | null;
}

/** The hub's life: ready, started, stopped. */
export interface Lifecycle {
  readonly ready: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly work: (deadlineMs: number) => Promise<TurnResult>;
}

/** A quarter of a bounded turn, and at most this many milliseconds, is kept for what has been started. */
const longestReserve = 5_000;

/** Binds the parts to one life. `ready` is remembered while it holds and tried anew after it failed. */
export function createLifecycle(parts: LifecycleParts): Lifecycle {
  const { storage, registry, subscribers, dispatcher, router, counts, network, logger, handlers } = parts;
  const life = new AbortController();
  let preparing: Promise<void> | undefined;
  let stopping: Promise<void> | undefined;

  const prepare = async (): Promise<void> => {
    await storage.ready();
    for (const connector of registry.list()) await connector.initialize({ logger }, life.signal);
  };

  const ready = async (): Promise<void> => {
    if (stopping !== undefined) throw new PatchbayError({ code: 'stopped', message: 'The hub has been stopped. Make a new one.' });
    preparing ??= prepare().catch((error: unknown) => {
      preparing = undefined;
      throw error;
    });
    await preparing;
    await subscribers.store();
  };

  const end = async (): Promise<void> => {
    await Promise.all([dispatcher.stop(), router.stop()]);
    await counts.flush();
    life.abort(new PatchbayError({ code: 'stopped', message: 'The hub stops.' }));
    await Promise.allSettled(registry.list().map((connector) => connector.shutdown(life.signal)));
    await network.close();
  };

  return {
    ready,
    async start() {
      await ready();
      dispatcher.start();
      router.start();
    },
    stop() {
      stopping ??= end();
      return stopping;
    },
    async work(deadlineMs) {
      await ready();
      await router.work();
      const executed = await dispatcher.work({ deadlineMs, reserveMs: Math.min(longestReserve, deadlineMs / 4) });
      await counts.flush();
      return { executed, nextDueMs: await storage.nextDue({ handlers: [...handlers()] }) };
    },
  };
}
