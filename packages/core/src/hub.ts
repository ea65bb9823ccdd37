import { appKeys } from './app-keys.ts';
import { ownEventTypes } from './automation/trigger-event.ts';
import { checkHostEvents } from './check-names.ts';
import { checkTransforms } from './check-transforms.ts';
import { receiveCallback } from './connections/receive-callback.ts';
import type { Connector } from './connector/connector-definition.ts';
import { type ConnectorRegistry, createRegistry } from './connector/create-registry.ts';
import type { HostFunctions } from './connector/host-function.ts';
import { matchesPattern } from './event/matches-pattern.ts';
import type { SubscriberFunction } from './events/create-subscriber-executor.ts';
import { createBodyRoom } from './http/create-body-room.ts';
import { createHandler, type Handler } from './http/create-handler.ts';
import { createNodeHandler, type NodeHandler } from './http/create-node-handler.ts';
import { hubApps } from './hub-apps.ts';
import { createEngine, type Engine } from './hub-engine.ts';
import { formReceiver } from './hub-forms.ts';
import type { HubOptions } from './hub-options.ts';
import { hubVersion } from './hub-version.ts';
import { measuredCallbacks } from './measure-oauth.ts';
import type { NoticeName, Notices } from './notices/notices.ts';
import { observeReceiving } from './observe-receiving.ts';
import { recordEventTypes } from './records/known-records.ts';
import { readRecords } from './records/read-records.ts';
import type { RecordTypes, WithRecords } from './records/record-types.ts';
import { resolveOptions } from './resolve-options.ts';
import type { SubscribeOptions } from './subscribers.ts';
import { createTenantHandle, type TenantHandle, type TenantOptions } from './tenant/create-tenant-handle.ts';
import { createOperatorHandle, type OperatorHandle, type OperatorOptions } from './tenant/operator-api.ts';
import type { HostEvents } from './tenant/typed-automation.ts';
import type { TurnResult } from './turn-result.ts';
import type { InboundRequest } from './webhooks/inbound/inbound-request.ts';
import { receiveWebhook } from './webhooks/inbound/receive.ts';
import { receiverPrefix } from './webhooks/inbound/receivers/event-type-of.ts';

/**
 * An integration hub inside the host's process. `Hub` alone is any hub, for code that takes whatever hub it is given; `never` stands for
 * whatever event types the host has. `Transaction` is what `events.publish` can join: the storage's, `never` where there is none.
 */
export interface Hub<C extends Connector = Connector, E extends HostEvents = never, Transaction = never, F extends HostFunctions = never> {
  /** The way in to everything of one tenant. Throws `tenant_missing`. */
  tenant(id: string, options?: TenantOptions): TenantHandle<C, E, Transaction, F>;
  /** The second way in, for who looks after tenants; every look and act is recorded with its reason. Throws `invalid_argument`. */
  operator(options: OperatorOptions): OperatorHandle;
  readonly connectors: Pick<ConnectorRegistry, 'find' | 'get' | 'list' | 'eventTypes'>;
  /** Observes; a listener that throws, or whose promise rejects, changes nothing. Returns what ends it. */
  on<Name extends NoticeName>(name: Name, listener: (notice: Notices[Name]) => unknown): () => void;
  /**
   * Receives events whose type matches the pattern, of all tenants, durably: the name is stored, each event is delivered at least once, a
   * failure and a call that outlasts its time are retried. Call it at start, before `start()`, in every process that can do it.
   */
  subscribe(pattern: string, options: SubscribeOptions, call: SubscriberFunction): void;
  /** Ends a subscriber for good: no further event becomes a call. */
  retireSubscriber(name: string): Promise<void>;
  /** Resolves when the hub can serve; rejects with what is wrong. */
  ready(): Promise<void>;
  /** Makes this process a worker. `migrate` brings the storage's tables up to date first; otherwise their absence rejects. */
  start(options?: { readonly migrate?: boolean }): Promise<void>;
  /** Claims no more, waits for what is under way, lets go of the rest. Final; callable again. The storage stays open. */
  stop(): Promise<void>;
  /** One bounded turn without `start`: serverless, cron, tests. Ends when nothing is due, or near the deadline (milliseconds). */
  work(options?: { readonly until?: 'idle'; readonly deadline?: number }): Promise<TurnResult>;
  /**
   * Tells the workers of every process that there may be something to do: called after the commit of a transaction in which an event was
   * published. Left out or lost, it costs a poll interval; it never rejects.
   */
  wake(): Promise<void>;
  readonly handler: Handler;
  readonly nodeHandler: NodeHandler;
}

/**
 * Makes a hub. Nothing is opened before `ready`, `start` or the first call. Throws `invalid_argument`, `connector_invalid` and
 * `connector_incompatible` for options that cannot work.
 */
export function createHub<
  const C extends readonly Connector[],
  E extends HostEvents = Record<never, never>,
  Transaction = never,
  F extends HostFunctions = Record<never, never>,
  R extends RecordTypes = Record<never, never>,
>(options: HubOptions<C, E, Transaction, F, R>): Hub<C[number], WithRecords<E, R>, Transaction, F> {
  const resolved = resolveOptions(options);
  const registry = registryOf(options.connectors);
  const hostEvents = checkHostEvents(options.events ?? {}, registry);
  const records = options.records === undefined ? null : readRecords(options.records);
  const engine = createEngine(resolved, registry, {
    keys: options.keys,
    records,
    hubApps: hubApps(options.apps ?? {}, registry),
    appKeys: appKeys(options.apps ?? {}, registry),
    transforms: checkTransforms(options.transforms, registry),
  });
  const { lifecycle, subscribers, board } = engine;
  const { ready } = lifecycle;
  const services = { ...engine, ready, hostEvents, publicUrl: resolved.publicUrl };
  const observed = observeReceiving({ ...resolved, registry }, receiveWebhook);
  const receive = (request: InboundRequest) => observed(engine.receiving, request);
  const { logger, basePath, proxies } = resolved;
  const bodies = createBodyRoom(resolved);
  const http = {
    ready,
    logger,
    basePath,
    bodies,
    proxies,
    receive,
    receiveForm: formReceiver(resolved, engine),
    receiveCallback: measuredCallbacks(callbackReceiver(engine), resolved.telemetry.metering),
  };
  return {
    tenant: (id, options) => createTenantHandle<C[number], WithRecords<E, R>, Transaction, F>(services, id, options),
    operator: (options) => createOperatorHandle(services, options),
    connectors: { find: registry.find, get: registry.get, list: registry.list, eventTypes: registry.eventTypes },
    on: board.on,
    subscribe(pattern, subscription, call) {
      subscribers.add(pattern, subscription, call);
      const isKnown =
        [...registry.eventTypes(), ...Object.keys(hostEvents), ...recordEventTypes(records), ...ownEventTypes].some((type) =>
          matchesPattern(pattern, type),
        ) || pattern.startsWith(`${receiverPrefix}.`);
      // No fault: another process may emit them.
      if (!isKnown)
        logger.warn('a subscriber waits for events that nothing in this process emits', { subscriber: subscription.name, pattern });
      lifecycle.storeSoon();
    },
    async retireSubscriber(name) {
      await ready();
      await subscribers.retire(name);
    },
    ready,
    start: lifecycle.start,
    stop: lifecycle.stop,
    work: ({ deadline = 20_000 } = {}) => lifecycle.work(deadline),
    wake: () => engine.queue.wake({}).catch(() => undefined),
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

/** What takes in browsers that come back from authorization servers. */
function callbackReceiver({ connect }: Engine) {
  return (callback: Parameters<typeof receiveCallback>[1]) => receiveCallback(connect, callback);
}
