import { type ActionExecutorOptions, createActionExecutor } from './actions/create-action-executor.ts';
import { createRefusedCredentials } from './actions/refused-credentials.ts';
import { systemActor } from './audit/actors.ts';
import { auditedConfiguration } from './audit/audited-configuration.ts';
import { createChainHash } from './audit/chain-hash.ts';
import { createCheckpointWriter } from './audit/checkpoint-writer.ts';
import { createSealer } from './audit/create-sealer.ts';
import { type Act, toEntry } from './audit/recorder.ts';
import { retireRecords } from './audit/retire-records.ts';
import { auditRetention } from './audit-retention.ts';
import { createConfigurationCache } from './configuration/create-configuration-cache.ts';
import { createConnectionUpkeep, joinUpkeeps } from './connection-upkeep.ts';
import type { ConnectOptions } from './connections/connect-options.ts';
import { createRefresher } from './connections/create-refresher.ts';
import { createRevocationExecutor } from './connections/create-revocation-executor.ts';
import { createCredentialVault } from './connections/credential-vault.ts';
import type { HubApp } from './connections/hub-app.ts';
import { revocationHandler } from './connections/revocation.ts';
import type { ConnectorRegistry } from './connector/create-registry.ts';
import type { Executor } from './contracts/executor.ts';
import type { FullReceipt } from './contracts/receipt-store.ts';
import { createDispatcher } from './dispatch/create-dispatcher.ts';
import { fullJitter } from './dispatch/full-jitter.ts';
import { createPublisher } from './events/create-publisher.ts';
import { checkSigners } from './gateway/signing/known-signers.ts';
import { createLifecycle, type Lifecycle } from './hub-lifecycle.ts';
import { hubVersion } from './hub-version.ts';
import { logTrouble } from './log-trouble.ts';
import { createNetwork } from './net/create-network.ts';
import { createNoticeBoard, type NoticeBoard } from './notice-board.ts';
import { createServerDirectory } from './oauth/create-server-directory.ts';
import { createServerTurns } from './oauth/create-server-turns.ts';
import { originPorts } from './origin-ports.ts';
import { type ReceivingParts, receiving } from './receiving.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import { compiledConfigurations } from './routing/compiled-configurations.ts';
import { createAdvancer } from './routing/create-advancer.ts';
import { createPlanner } from './routing/create-planner.ts';
import { createRouter } from './routing/create-router.ts';
import { actionHandler } from './routing/plan-step.ts';
import { createStorageUpkeep, type StorageUpkeep, type StorageUpkeepOptions } from './storage-upkeep.ts';
import { createSubscribers, type Subscribers } from './subscribers.ts';
import { createRemovalExecutor } from './tenant/create-removal-executor.ts';
import type { TenantServices } from './tenant/tenant-services.ts';
import { tenantKeyStore } from './tenant-key-store.ts';
import { createVault } from './vault/create-vault.ts';
import type { KeyProvider } from './vault/key-provider.ts';
import { createTenantKeys } from './vault/tenant-keys.ts';
import { createDeliveryCounts, type DeliveryCounts } from './webhooks/inbound/count-deliveries.ts';
import type { ReceiveOptions } from './webhooks/inbound/receive-options.ts';
import { removalHandler } from './webhooks/inbound/removal.ts';
import { replayReceipt } from './webhooks/inbound/replay-receipt.ts';
import { createDeliveryExecutor } from './webhooks/outbound/create-delivery-executor.ts';
import { createDeliveryStatistics } from './webhooks/outbound/delivery-statistics.ts';
import { createEndpointHealth } from './webhooks/outbound/endpoint-health.ts';
import { createEndpointKeys } from './webhooks/outbound/endpoint-keys.ts';
import { createEndpointSlots } from './webhooks/outbound/endpoint-slots.ts';
import { deliveryHandler } from './webhooks/outbound/endpoint-target.ts';
import { createEndpointWatch } from './webhooks/outbound/endpoint-watch.ts';

/** Everything behind the hub's doors, bound together. */
export interface Engine extends Omit<TenantServices, 'ready' | 'hostEvents' | 'publicUrl'> {
  readonly board: NoticeBoard;
  readonly subscribers: Subscribers;
  readonly counts: DeliveryCounts;
  readonly receiving: ReceiveOptions;
  readonly lifecycle: Lifecycle;
}

/** What the engine is given besides options and connectors. */
export interface GivenToEngine {
  readonly keys: KeyProvider;
  /** The host's own OAuth registrations by connector id. */
  readonly hubApps: ReadonlyMap<string, HubApp>;
  /** Keys of apps with one URL, by connector id. */
  readonly appKeys: ReceivingParts['appKeys'];
}

/** Binds the parts of a hub together. Nothing is opened before its life begins. */
export function createEngine(resolved: ResolvedOptions, registry: ConnectorRegistry, given: GivenToEngine): Engine {
  const { storage, clock, generateId, logger, audit, worker, retry } = resolved;
  const board = createNoticeBoard(logger);
  const { notify } = board;
  logTrouble(board, logger);
  const recorder = { actor: systemActor, generateId };
  const store = auditedConfiguration(storage.configuration, recorder);
  const record = (tenant: string, act: Act): Promise<void> => storage.audit.append(tenant, [toEntry(act, recorder)]);
  const cache = createConfigurationCache({ store, clock });
  const keyStore = tenantKeyStore({ configuration: store, now: () => storage.now() });
  const innerVault = createVault({ keys: given.keys, store: keyStore, clock });
  const tenantKeys = createTenantKeys({ keys: given.keys, store: keyStore, forget: innerVault.forget });
  const vault = createCredentialVault({ vault: innerVault, clock, record });
  const { proxy, dangerouslyAllowPrivateNetworks, loopbackOnly, maximumResponseBytes, signers } = resolved;
  const network = createNetwork({ clock, proxy, dangerouslyAllowPrivateNetworks, loopbackOnly, extraPorts: originPorts(registry.list()) });
  const gateway = { network, clock, notify, maximumResponseBytes, signers, prepared: new WeakMap() };
  for (const { id, definition } of registry.list()) checkSigners(signers, { id, auth: definition.auth });
  const compiled = compiledConfigurations();
  const backoffMs = (attempts: number, chance: number): number => fullJitter(retry, attempts, chance);
  const policy = { figures: retry, backoffMs };
  const turns = createServerTurns(clock);
  const servers = createServerDirectory({ network, clock, turns });
  const connect = connectOptions(resolved, { store, vault, registry, network, turns, servers, hubApps: given.hubApps });
  const refresher = createRefresher({ ...resolved, ...connect, notify, gates: storage.gates, leases: storage.leases });
  const status = { store, gates: storage.gates, notify, clock };
  const refused = createRefusedCredentials({ cache, vault, gateway, status });
  const executors = actionExecutors(registry, { cache, vault, refresher, refused, status, gateway, clock, ...policy });
  const deliveries = { network, clock, keys: createEndpointKeys({ vault, clock }), userAgent: `Patchbay/${hubVersion}` };
  executors.set(revocationHandler, createRevocationExecutor({ ...connect, ...policy }));
  const subscribers = createSubscribers({ ...policy, store, history: storage.history, clock, logger, executors, generateId });
  // Unique to this process: leases are its own by this name.
  const common = { ...resolved, holder: `hub-${generateId()}`, notify };
  const slots = createEndpointSlots({ ...common, leases: storage.leases });
  const health = createEndpointHealth({
    ...common,
    states: storage.states,
    gates: storage.gates,
    leases: storage.leases,
    now: () => storage.now(),
  });
  const disable = { store, gates: storage.gates, cache, notify, clock };
  const watch = createEndpointWatch({ ...common, states: storage.states });
  const statistics = createDeliveryStatistics({ ...common, counters: storage.counters, watch });
  const delivering = { ...deliveries, slots, health, disable, statistics, cache, history: storage.history, logger };
  executors.set(deliveryHandler, createDeliveryExecutor({ ...delivering, maximumCrashes: retry.maximumCrashes }));
  const advancer = createAdvancer({ storage, cache, registry, compiled });
  const dispatcher = createDispatcher({ ...common, executors, advancer, figures: worker });
  const planner = createPlanner({ cache, registry, compiled });
  const router = createRouter({ ...common, ...worker, planner });
  const publisher = createPublisher({ ...common, planner, leases: dispatcher });
  const counts = createDeliveryCounts({ store: storage.counters, states: storage.states, clock, generateId });
  const hash = createChainHash(audit.chainKeys);
  const sealer = createSealer({ ...common, hash, checkpoints: createCheckpointWriter(audit.checkpoints, { clock, logger }) });
  const { appKeys } = given;
  const receives = receiving(resolved, { registry, cache, appKeys, publisher, counts, notify, vault, network, configuration: store });
  const again = { replayReceipt: (receipt: FullReceipt) => replayReceipt(receives, receipt) };
  const services = {
    ...again,
    hasAppSecret: (connector: string) => receives.appKeys.of(connector).length > 0,
    deliveries,
    connect,
    refresher,
    chainHash: hash,
    cache,
    registry,
    compiled,
    publisher,
    vault,
    tenantKeys,
    gateway,
  };
  // They begin when the hub is ready.
  const inside = { ...common, ...services, ready: async () => undefined, hostEvents: {} };
  executors.set(removalHandler, createRemovalExecutor({ services: inside, ...policy }));
  const upkeeps = [createStorageUpkeep(common), retentionUpkeep(common), createConnectionUpkeep({ ...common, ...services, status })];
  const upkeep = joinUpkeeps(upkeeps);
  const counted = { flush: () => Promise.all([counts.flush(), statistics.flush()]).then(() => undefined) };
  const begun = { upkeep, sealer, subscribers, dispatcher, router, slots, network, registry, handlers: () => executors.keys() };
  const lifecycle = createLifecycle({ ...resolved, ...worker, ...begun, counts: counted });
  return { ...common, ...services, board, subscribers, counts, lifecycle, receiving: receives };
}

/** What connecting accounts stands on. */
function connectOptions(
  { storage, generateId, clock, logger, publicUrl, returnOrigins, randomName, remindDays }: ResolvedOptions,
  parts: Pick<ConnectOptions, 'store' | 'vault' | 'registry' | 'network' | 'turns' | 'servers' | 'hubApps'>,
): ConnectOptions {
  const given = { clock, logger, generateId, publicUrl, returnOrigins, randomName, remindDays };
  return { ...parts, ...given, flows: storage.flows, now: () => clock.now() };
}

/**
 * Takes records away by their age, under a lease of its own: where one process alone may delete them, the others must not hold its turn. Nothing
 * is done where everything is kept.
 */
function retentionUpkeep(common: ResolvedOptions & Pick<StorageUpkeepOptions, 'holder'>): StorageUpkeep {
  const { storage, audit, plans, logger, generateId } = common;
  const { leastDays, daysOf } = auditRetention({ retentionDays: audit.retentionDays, plans, logger });
  const options = { audit: storage.audit, now: () => storage.now(), generateId, daysOf };
  const maintain = leastDays === null ? {} : { maintain: () => retireRecords({ ...options, leastDays }) };
  const figures = { name: 'audit-retention', everyMs: 3_600_000, lookMs: 600_000 };
  return createStorageUpkeep({ ...common, storage: { leases: storage.leases, ...maintain }, figures });
}

/** What executes the actions of each connector, by handler; subscribers join them. */
function actionExecutors(
  registry: ConnectorRegistry,
  options: Omit<ActionExecutorOptions, 'handler' | 'connector'>,
): Map<string, Executor> {
  return new Map(
    registry.list().map((connector): [string, Executor] => {
      const handler = actionHandler(connector.id, connector.definition.version);
      return [handler, createActionExecutor({ ...options, handler, connector })];
    }),
  );
}
