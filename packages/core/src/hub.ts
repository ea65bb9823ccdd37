import { createActionExecutor } from './actions/create-action-executor.ts';
import { appKeys } from './app-keys.ts';
import { createConfigurationCache } from './configuration/create-configuration-cache.ts';
import { createCredentialVault } from './connections/credential-vault.ts';
import type { Connector } from './connector/connector-definition.ts';
import { type ConnectorRegistry, createRegistry } from './connector/create-registry.ts';
import type { Executor } from './contracts/executor.ts';
import type { LeaseTaker } from './contracts/lease-taker.ts';
import { createDispatcher, type Dispatcher } from './dispatch/create-dispatcher.ts';
import { fullJitter } from './dispatch/full-jitter.ts';
import { PatchbayError } from './errors/patchbay-error.ts';
import { createPublisher } from './events/create-publisher.ts';
import type { SubscriberFunction } from './events/create-subscriber-executor.ts';
import { createHandler, type Handler } from './http/create-handler.ts';
import { createNodeHandler, type NodeHandler } from './http/create-node-handler.ts';
import { createLifecycle, type TurnResult } from './hub-lifecycle.ts';
import type { HubOptions } from './hub-options.ts';
import { hubVersion } from './hub-version.ts';
import { createNetwork } from './net/create-network.ts';
import { createNoticeBoard } from './notice-board.ts';
import type { NoticeName, Notices } from './notices/notices.ts';
import { originPorts } from './origin-ports.ts';
import { resolveOptions } from './resolve-options.ts';
import { createAdvancer } from './routing/create-advancer.ts';
import { compiledConfigurations, createPlanner } from './routing/create-planner.ts';
import { createRouter } from './routing/create-router.ts';
import { actionHandler } from './routing/plan-step.ts';
import { createSubscribers } from './subscribers.ts';
import { createTenantHandle, type TenantHandle } from './tenant/create-tenant-handle.ts';
import type { TenantServices } from './tenant/tenant-services.ts';
import type { HostEvents } from './tenant/typed-automation.ts';
import { tenantKeyStore } from './tenant-key-store.ts';
import { createVault } from './vault/create-vault.ts';
import { createDeliveryCounts } from './webhooks/inbound/count-deliveries.ts';
import { createTenantLocator } from './webhooks/inbound/locate-tenant.ts';
import { receiveWebhook } from './webhooks/inbound/receive.ts';
import { createWebhookKeys } from './webhooks/inbound/webhook-keys.ts';

/** An integration hub inside the host's process. */
export interface Hub<C extends Connector = Connector, E extends HostEvents = HostEvents> {
  /** The way in to everything of one tenant. Throws `tenant_missing`. */
  tenant(id: string): TenantHandle<C, E>;
  readonly connectors: Pick<ConnectorRegistry, 'find' | 'get' | 'list' | 'eventTypes'>;
  /** Observes; a listener that throws changes nothing. Returns what ends it. */
  on<Name extends NoticeName>(name: Name, listener: (notice: Notices[Name]) => void): () => void;
  /**
   * Receives events whose type matches the pattern, of all tenants, durably: the name is stored, each event is delivered at least once, a
   * failure is retried. Call it at start, before `start()`, in every process that can do it.
   */
  subscribe(pattern: string, options: { readonly name: string }, call: SubscriberFunction): void;
  /** Ends a subscriber for good: no further event becomes a call. */
  retireSubscriber(name: string): Promise<void>;
  /** Resolves when the hub can serve; rejects with what is wrong. */
  ready(): Promise<void>;
  /** Makes this process a worker. */
  start(): Promise<void>;
  /** Claims no more, waits for what is under way, lets go of the rest. Final; callable again. The storage stays open. */
  stop(): Promise<void>;
  /** One bounded turn without `start`: serverless, cron, tests. Ends when nothing is due, or near the deadline (milliseconds). */
  work(options?: { readonly until?: 'idle'; readonly deadline?: number }): Promise<TurnResult>;
  readonly handler: Handler;
  readonly nodeHandler: NodeHandler;
}

/**
 * Makes a hub. Nothing is opened before `ready`, `start` or the first call. Throws `invalid_argument`, `connector_invalid` and
 * `connector_incompatible` for options that cannot work.
 */
export function createHub<const C extends readonly Connector[], E extends HostEvents = Record<never, never>>(
  options: HubOptions<C, E>,
): Hub<C[number], E> {
  const resolved = resolveOptions(options);
  const { storage, queue, clock, random, generateId, logger, worker, retry } = resolved;
  const registry = registryOf(options.connectors);
  const board = createNoticeBoard(logger);
  const { notify } = board;
  const cache = createConfigurationCache({ store: storage.configuration, clock });
  const vault = createCredentialVault({
    vault: createVault({ keys: options.keys, store: tenantKeyStore(storage.configuration), clock }),
    clock,
  });
  const { dangerouslyAllowPrivateNetworks, maximumResponseBytes } = resolved;
  const network = createNetwork({ clock, dangerouslyAllowPrivateNetworks, extraPorts: originPorts(registry.list()) });
  const gateway = { network, clock, notify, maximumResponseBytes };
  const compiled = compiledConfigurations();
  const holder = `hub-${generateId()}`;
  const backoffMs = (attempts: number, chance: number): number => fullJitter(retry, attempts, chance);

  const executors = new Map<string, Executor>();
  for (const connector of registry.list()) {
    const handler = actionHandler(connector.id, connector.definition.version);
    executors.set(handler, createActionExecutor({ handler, connector, cache, vault, gateway, clock, figures: retry, backoffMs }));
  }
  const advancer = createAdvancer({ storage, cache, registry, compiled });
  const dispatcher: Dispatcher = createDispatcher({
    storage,
    queue,
    executors,
    advancer,
    clock,
    random,
    holder,
    notify,
    logger,
    figures: worker,
  });
  const leases: LeaseTaker = { reserve: (limit) => dispatcher.reserve(limit) };
  const planner = createPlanner({ cache, registry, compiled });
  const publisher = createPublisher({ storage, planner, leases, queue, clock, notify });
  const router = createRouter({ storage, queue, planner, clock, holder, logger, pollMs: worker.pollMs, leaseMs: worker.leaseMs });
  const subscribers = createSubscribers({
    store: storage.configuration,
    history: storage.history,
    executors,
    generateId,
    figures: retry,
    backoffMs,
  });
  const counts = createDeliveryCounts({ store: storage.counters, clock, generateId });
  const lifecycle = createLifecycle({ storage, registry, subscribers, dispatcher, router, counts, network, logger, handlers: () => executors.keys() });
  const { ready } = lifecycle;

  const services: TenantServices = {
    storage,
    cache,
    registry,
    compiled,
    publisher,
    vault,
    gateway,
    clock,
    generateId,
    notify,
    ready,
    publicUrl: resolved.publicUrl,
    hostEvents: checkHostEvents(options.events ?? {}, registry),
  };
  const receiving = {
    registry,
    cache,
    publisher,
    counts,
    clock,
    generateId,
    notify,
    store: storage.configuration,
    locateTenant: createTenantLocator(storage.configuration),
    keys: createWebhookKeys({ vault, clock }),
    appKeys: appKeys(options.apps ?? {}, registry),
  };
  const http = {
    ready,
    logger,
    basePath: resolved.basePath,
    maximumBodyBytes: resolved.maximumBodyBytes,
    receive: (request: Parameters<typeof receiveWebhook>[1]) => receiveWebhook(receiving, request),
  };

  return {
    tenant: (id) => createTenantHandle<C[number], E>(services, id),
    connectors: { find: registry.find, get: registry.get, list: registry.list, eventTypes: registry.eventTypes },
    on: board.on,
    subscribe: subscribers.add,
    retireSubscriber: async (name) => {
      await ready();
      await subscribers.retire(name);
    },
    ready,
    start: lifecycle.start,
    stop: lifecycle.stop,
    work: ({ deadline = 20_000 } = {}) => lifecycle.work(deadline),
    handler: createHandler(http),
    nodeHandler: createNodeHandler(http),
  };
}

function registryOf(connectors: readonly Connector[]): ConnectorRegistry {
  const registry = createRegistry({ hubVersion });
  for (const connector of connectors) registry.register(connector);
  registry.check();
  return registry;
}

function checkHostEvents<E extends HostEvents>(events: E, registry: ConnectorRegistry): E {
  for (const type of Object.keys(events)) {
    const [first = ''] = type.split('.');
    const fault = !/^[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)+$/.test(type)
      ? 'is not two or more segments joined by dots'
      : registry.find(first)
        ? `begins with the connector ${first}, whose events only its webhooks may bring`
        : first === 'manual'
          ? 'begins with manual, which the hub uses itself'
          : null;
    if (fault !== null)
      throw new PatchbayError({
        code: 'invalid_argument',
        message: `The event type ${type} ${fault}. Choose another name, such as order.placed.`,
      });
  }
  return events;
}
