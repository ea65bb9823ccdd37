import { actionExecutors } from './action-executors.ts';
import { createLanePlaces } from './actions/lane-places.ts';
import { createLastAnswers } from './actions/last-answers.ts';
import { createRefusedCredentials } from './actions/refused-credentials.ts';
import { systemActor } from './audit/actors.ts';
import { auditedConfiguration } from './audit/audited-configuration.ts';
import { createChainHash } from './audit/chain-hash.ts';
import { createCheckpointWriter } from './audit/checkpoint-writer.ts';
import { createSealer } from './audit/create-sealer.ts';
import { type Act, toEntry } from './audit/recorder.ts';
import { collectOfDispatches, collectOfRequests, collectOfWebhooks } from './collect-errors.ts';
import { createConfigurationCache } from './configuration/create-configuration-cache.ts';
import { connectOptions } from './connect-options.ts';
import { createConnectionUpkeep, joinUpkeeps } from './connection-upkeep.ts';
import { createRefresher } from './connections/create-refresher.ts';
import { createRevocationExecutor } from './connections/create-revocation-executor.ts';
import { createCredentialVault } from './connections/credential-vault.ts';
import type { HubApp } from './connections/hub-app.ts';
import { revocationHandler } from './connections/revocation.ts';
import type { ConnectorRegistry } from './connector/create-registry.ts';
import type { Transforms } from './connector/transform.ts';
import { createConnectorRestarts } from './connector-restarts.ts';
import type { FullReceipt } from './contracts/receipt-store.ts';
import { createDispatcher } from './dispatch/create-dispatcher.ts';
import { fullJitter } from './dispatch/full-jitter.ts';
import { createErrorCollector } from './error-groups/create-error-collector.ts';
import { createPublisher } from './events/create-publisher.ts';
import { checkSigners } from './gateway/signing/known-signers.ts';
import { createHealthServices } from './health/create-health-services.ts';
import { alertHistoryUpkeep, createHubAlerts } from './hub-alerts.ts';
import { addBuiltIns } from './hub-built-ins.ts';
import { createHubContent } from './hub-content.ts';
import { deprecationUpkeeps, tellRegistered } from './hub-deprecations.ts';
import { hubGateway } from './hub-gateway.ts';
import { createCheckRetention, createHealthUpkeep, observeHealth } from './hub-health.ts';
import { createLifecycle, type Lifecycle } from './hub-lifecycle.ts';
import { addRecordActions } from './hub-records.ts';
import { createHubSchedules } from './hub-schedules.ts';
import { hubVersion } from './hub-version.ts';
import { logTrouble } from './log-trouble.ts';
import { measureNotices } from './measure-notices.ts';
import { measuredRefresher } from './measure-oauth.ts';
import { createNoticeBoard, type NoticeBoard } from './notice-board.ts';
import { createServerDirectory } from './oauth/create-server-directory.ts';
import { createServerTurns } from './oauth/create-server-turns.ts';
import { observeWorker } from './observe-worker.ts';
import { type ReceivingParts, receiving } from './receiving.ts';
import type { KnownRecords } from './records/known-records.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import { retentionUpkeeps } from './retention-upkeeps.ts';
import { compiledConfigurations } from './routing/compiled-configurations.ts';
import { createAdvancer } from './routing/create-advancer.ts';
import { createEventCompleter } from './routing/create-event-completer.ts';
import { createMappingExecutor } from './routing/create-mapping-executor.ts';
import { createPlanner } from './routing/create-planner.ts';
import { createRouter } from './routing/create-router.ts';
import { createRunExecutor } from './routing/create-run-executor.ts';
import { createStepRules } from './routing/create-step-rules.ts';
import { createTimerExecutor } from './routing/create-timer-executor.ts';
import { mappingHandler } from './routing/mapping-dispatch.ts';
import { runHandler, timerHandler } from './routing/timer-dispatch.ts';
import { isOfPoll } from './scheduling/polling/keep-polled.ts';
import { createStorageUpkeep } from './storage-upkeep.ts';
import { createSubscribers, type Subscribers } from './subscribers.ts';
import { createRemovalExecutor } from './tenant/create-removal-executor.ts';
import { createKeptOptions } from './tenant/kept-options.ts';
import { runEnrichers } from './tenant/run-enrichers.ts';
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
  /** The host's own; `null`: none. */
  readonly records: KnownRecords | null;
  /** The host's own by connector id. */
  readonly transforms: ReadonlyMap<string, Transforms>;
}

/** Binds the parts of a hub together. Nothing is opened before its life begins. */
export function createEngine(resolved: ResolvedOptions, registry: ConnectorRegistry, given: GivenToEngine): Engine {
  const { storage, clock, generateId, logger, audit, worker, retry } = resolved;
  const board = createNoticeBoard(logger);
  const { notify } = board;
  logTrouble(board, logger);
  const { telemetry } = resolved;
  if (telemetry.metering) measureNotices(board, telemetry.metering);
  const recorder = { actor: systemActor, generateId };
  const store = auditedConfiguration(storage.configuration, recorder);
  const record = (tenant: string, act: Act): Promise<void> => storage.audit.append(tenant, [toEntry(act, recorder)]);
  const cache = createConfigurationCache({ store, clock });
  const keyStore = tenantKeyStore({ configuration: store, now: () => storage.now() });
  const innerVault = createVault({ keys: given.keys, store: keyStore, clock });
  const tenantKeys = createTenantKeys({ keys: given.keys, store: keyStore, forget: innerVault.forget });
  const vault = createCredentialVault({ vault: innerVault, clock, record });
  // Unique to this process: leases are its own by this name.
  const common = { ...resolved, holder: `hub-${generateId()}`, notify };
  const connectionHealth = createHealthServices({ ...resolved, cache, notify });
  const errors = createErrorCollector({ ...resolved, counters: storage.counters, states: storage.states });
  collectOfWebhooks(errors, board);
  const observing = [connectionHealth.guard, collectOfRequests(errors)];
  const { network, gateway, breakers, limits, flush } = hubGateway(common, { registry, board, observing, transforms: given.transforms });
  for (const { id, definition } of registry.list()) checkSigners(resolved.signers, { id, auth: definition.auth });
  const compiled = compiledConfigurations();
  const backoffMs = (attempts: number, chance: number): number => fullJitter(retry, attempts, chance);
  const policy = { figures: retry, backoffMs };
  const turns = createServerTurns(clock);
  const servers = createServerDirectory({ network, clock, turns });
  const connect = connectOptions(resolved, { store, vault, registry, network, turns, servers, hubApps: given.hubApps });
  const renewing = createRefresher({ ...resolved, ...connect, notify, gates: storage.gates, leases: storage.leases });
  const refresher = measuredRefresher(renewing, telemetry.metering, clock);
  const status = { store, gates: storage.gates, notify, clock };
  const refused = createRefusedCredentials({ cache, vault, gateway, status });
  const lanes = createLanePlaces(clock, worker.concurrency);
  const working = { gateway, clock, lanes, answers: createLastAnswers(), watch: gateway.watch, ...policy };
  const executors = actionExecutors(registry, { cache, vault, refresher, refused, status, ...working });
  const deliveries = { network, clock, keys: createEndpointKeys({ vault, clock }), userAgent: `Patchbay/${hubVersion}`, telemetry };
  executors.set(revocationHandler, createRevocationExecutor({ ...connect, ...policy }));
  const subscribers = createSubscribers({ ...policy, store, history: storage.history, clock, logger, executors, generateId });
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
  addBuiltIns({ ...common, registry, executors, lanes, ...policy, network, delivering });
  const advancer = createAdvancer({ storage, cache, registry, compiled });
  const rules = createStepRules({ ...common, compiled });
  const dispatcher = createDispatcher({ ...common, executors, advancer, rules, figures: worker, failed: collectOfDispatches(errors) });
  observeWorker(dispatcher, telemetry.metering);
  const planner = createPlanner({ cache, registry, compiled, history: storage.history });
  const completer = createEventCompleter({ storage, cache, compiled, enrich: (event, rows) => runEnrichers(inside, event, rows) });
  const router = createRouter({ ...common, ...worker, planner, completer });
  const publisher = createPublisher({ ...common, planner, leases: dispatcher });
  executors.set(mappingHandler, createMappingExecutor({ ...common, ...policy, completer, planner, publisher }));
  executors.set(timerHandler, createTimerExecutor({ ...common, cache, registry, compiled }));
  executors.set(runHandler, createRunExecutor({ storage, cache, publisher, maximumFlowRuns: resolved.maximumFlowRuns }));
  const { records } = given;
  addRecordActions({ ...common, ...policy, records, registry, executors, lanes, publisher, history: storage.history });
  const counts = createDeliveryCounts({ store: storage.counters, states: storage.states, clock, generateId });
  const alerts = createHubAlerts({ ...common, ...policy, cache, registry, publisher, compiled, board, executors });
  const schedules = createHubSchedules({
    ...{ ...common, cache, registry, compiled, publisher, network, executors },
    ...{ gateway, vault, refresher, status, userAgent: deliveries.userAgent },
  });
  const content = createHubContent({ ...common, cache, registry, publisher, executors, gateway, vault, refresher, status });
  const hash = createChainHash(audit.chainKeys);
  const sealer = createSealer({ ...common, hash, checkpoints: createCheckpointWriter(audit.checkpoints, { clock, logger }) });
  const { appKeys } = given;
  const receives = receiving(resolved, { registry, cache, appKeys, publisher, counts, notify, vault, network, configuration: store });
  const restart = async (id: string): Promise<void> => {
    await lifecycle.restartConnector(id);
    gateway.watch.forget(id);
  };
  const restarts = createConnectorRestarts({ ...common, states: storage.states, restart });
  const replay = (receipt: FullReceipt): Promise<number> =>
    isOfPoll(receipt) ? schedules.replayPolled(receipt) : replayReceipt(receives, receipt);
  const again = { replayReceipt: replay };
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
    breakers,
    health: connectionHealth,
    restartConnector: restarts.ask,
    watch: gateway.watch,
    limits,
    keptOptions: createKeptOptions(clock),
    alerts,
    schedules: schedules.services,
    content: content.services,
    records,
  };
  observeHealth(board, services);
  // They begin when the hub is ready.
  const inside = { ...common, ...services, ready: async () => undefined, restartConnector: async () => undefined, hostEvents: {} };
  executors.set(removalHandler, createRemovalExecutor({ services: inside, ...policy }));
  const upkeeps = [
    createStorageUpkeep(common),
    ...retentionUpkeeps(common),
    createConnectionUpkeep({ ...common, ...services, status }),
    createHealthUpkeep({ ...common, ...services }),
    createCheckRetention(common),
    restarts.upkeep,
    schedules.upkeep,
    ...content.upkeeps,
    alertHistoryUpkeep(common),
    ...deprecationUpkeeps({ ...common, registry, cache }),
  ];
  const upkeep = joinUpkeeps(upkeeps);
  const collected = [counts, statistics, errors, connectionHealth, alerts.collector, { flush }];
  const counted = { flush: () => Promise.all(collected.map((each) => each.flush())).then(() => undefined) };
  const begun = { upkeep, sealer, subscribers, dispatcher, router, slots, network, registry, handlers: () => executors.keys() };
  const lifecycle = createLifecycle({
    ...resolved,
    ...worker,
    ...begun,
    connectorWatch: gateway.watch,
    counts: counted,
    alerts: alerts.collector,
    prepared: () => tellRegistered(registry, notify, clock.now()),
  });
  return { ...common, ...services, board, subscribers, counts, lifecycle, receiving: receives };
}
