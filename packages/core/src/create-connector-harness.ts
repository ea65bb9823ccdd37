import { createHash } from 'node:crypto';
import { runWithin } from './bounds/run-within.ts';
import type { Clock } from './clock/clock.ts';
import { systemClock } from './clock/system-clock.ts';
import type { HeldCredential } from './connections/held-credential.ts';
import { parseConfinement } from './connections/parse-confinement.ts';
import type { Credential } from './connector/auth-method.ts';
import type { Connector } from './connector/connector-definition.ts';
import { connectorValues } from './connector/connector-values.ts';
import type { ActionResult, ConnectionCall, HealthReport } from './connector/iconnector.ts';
import { useOf } from './connector/leaves-confinement.ts';
import { type NamedResources, namedResources } from './connector/named-resources.ts';
import { parseWith } from './connector/parse-with.ts';
import type { PollAnswer } from './connector/polling-declaration.ts';
import type { ReadContentPage } from './connector/read-content-page.ts';
import type { WebhookSubscriptions } from './connector/webhook-subscriptions.ts';
import { contentInHarness, type HarnessContent } from './content-in-harness.ts';
import type { ConnectionRecord } from './contracts/configuration-records.ts';
import type { Row } from './contracts/configuration-store.ts';
import type { IdempotencyKey, Reconciliation } from './contracts/idempotency.ts';
import type { SessionOptions } from './gateway/gateway-options.ts';
import { type GatewaySession, openSession } from './gateway/open-session.ts';
import { requireResources } from './gateway/require-resources.ts';
import { knownSigners } from './gateway/signing/known-signers.ts';
import type { RequestSigner } from './gateway/signing/request-signer.ts';
import type { Json } from './json/json.ts';
import { createNetwork, type Network } from './net/create-network.ts';
import { type HarnessOptionPage, type HarnessOptions, optionsInHarness } from './options-in-harness.ts';
import { pollInHarness } from './poll-in-harness.ts';
import { type HarnessRequest, type ReceivedDelivery, receiveInHarness } from './receive-in-harness.ts';
import { tokenForHarness } from './token-for-harness.ts';
import type { ProviderCall } from './webhooks/inbound/provider-call.ts';
import { subscriptionsOf } from './webhooks/inbound/reconcile-registrations.ts';

/** What {@link createConnectorHarness} is given. */
export interface ConnectorHarnessOptions {
  readonly connector: Connector;
  /** Where a token has to be asked for with it, its secrets are its own, and one is asked for once. */
  readonly credential: Credential;
  /** @default {} */
  readonly settings?: Readonly<Record<string, Json>>;
  /** Names of resources by kind, as a connection is confined to them. @default it is not confined */
  readonly confinedTo?: Readonly<Record<string, readonly string[]>>;
  /** What the tenant has set for the connector; its schema adds the defaults. @default {} */
  readonly configuration?: Readonly<Record<string, Json>>;
  /** Flags that the tenant has set. @default none */
  readonly flags?: Readonly<Record<string, boolean>>;
  /** Needed for a stand-in on this machine. @default false */
  readonly dangerouslyAllowPrivateNetworks?: boolean;
  /** Milliseconds for one call. @default 30,000 */
  readonly timeoutMs?: number;
  /** Largest answer that is read, bytes. @default 10,485,760 */
  readonly maximumResponseBytes?: number;
  readonly clock?: Clock;
  /** Beside the hub's own. @default none */
  readonly signers?: readonly RequestSigner[];
}

/** One call of an action. */
export interface HarnessCall {
  readonly action: string;
  readonly input: Json;
  /** Any text; equal texts are one dispatch. @default 'dispatch' */
  readonly key?: string;
}

/** An action with its input, or a trigger with an event's data. */
export type HarnessUse = Pick<HarnessCall, 'action' | 'input'> | { readonly trigger: string; readonly data: Json };

/** A connector under the hub's own gateway and webhook checks, without a hub: for the tests of connectors. */
export interface ConnectorHarness {
  /** As a dispatch does: parses, sends, parses. */
  execute(call: HarnessCall): Promise<ActionResult>;
  /** As after an unknown outcome; `since` is milliseconds since 1970. */
  reconcile(call: HarnessCall & { readonly since: number }): Promise<Reconciliation<Json>>;
  /** What an input or a delivery's data names of each kind of resource, as a confined connection is held to it. Throws `invalid_input`. */
  resourcesOf(use: HarnessUse): Promise<Readonly<Record<string, NamedResources>>>;
  checkHealth(): Promise<HealthReport>;
  /** One look of a polling trigger, its events checked by the payload's schema as the hub does. Throws `unsupported` where it is not polled. */
  poll(look: { readonly trigger: string; readonly cursor: Json }): Promise<PollAnswer>;
  /** One page of choices for a field, as the hub asks for it, confines and searches it. Throws `invalid_argument` for a need that is missing. */
  options(asked: HarnessOptions): Promise<HarnessOptionPage>;
  /** One read of content, checked and confined as the hub does. Throws `unsupported` where there is no such source. */
  content(read: HarnessContent): Promise<ReadContentPage>;
  /** As the webhook routes do, up to the commit. Throws `signature_refused`, `body_invalid`, `invalid_event`. */
  receive(request: HarnessRequest): Promise<ReceivedDelivery>;
  /** Asks the connector's functions for webhooks at the service, as the hub does. Throws `unsupported` where it has none. */
  subscriptions<Answer>(use: (subscriptions: WebhookSubscriptions, call: ProviderCall) => Promise<Answer>): Promise<Answer>;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** Makes a harness. It opens nothing until the first call. */
export function createConnectorHarness(options: ConnectorHarnessOptions): ConnectorHarness {
  const { connector, clock = systemClock, timeoutMs = 30_000 } = options;
  const network = createNetwork({ clock, dangerouslyAllowPrivateNetworks: options.dangerouslyAllowPrivateNetworks ?? false });
  const open = sessionsOf(options, network);
  let held: Promise<HeldCredential> | undefined;
  const { configuration: values = {}, flags = {} } = options;
  const choices = () => connectorValues(connector.definition, { values, flags, off: { actions: [], triggers: [] } });
  const within = <Result>(
    key: IdempotencyKey | null,
    use: (session: GatewaySession, signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> =>
    runWithin({ clock, timeoutMs, signal: new AbortController().signal, what: `A call of ${connector.id}` }, async (signal) => {
      held ??= tokenForHarness({ network, clock }, { settings: {}, ...options });
      return use(open({ key, signal, credential: await held }), signal);
    });
  const reading = {
    get confinedTo() {
      return options.confinedTo === undefined ? undefined : parseConfinement(connector, options.confinedTo);
    },
    within: (use: (call: ConnectionCall) => Promise<unknown>) =>
      within(null, ({ http, settings }, signal) => use({ http, settings, signal, ...choices() })),
  };
  return {
    async execute({ action, input, key: name = 'dispatch' }) {
      await requireWithin(options, { action, input });
      const key = keyOf(['harness', name]);
      return within(key, async ({ http, settings, requestId }, signal) => {
        const result = await connector.executeAction({ action, input, key, http, settings, signal, ...choices() });
        const providerRequestId = result.providerRequestId ?? requestId();
        return providerRequestId === undefined ? result : { ...result, providerRequestId };
      });
    },
    async reconcile({ action, input, key: name = 'dispatch', since }) {
      await requireWithin(options, { action, input });
      return within(null, ({ http, settings }, signal) =>
        connector.reconcileAction({ action, input, key: keyOf(['harness', name]), http, settings, signal, since, ...choices() }),
      );
    },
    resourcesOf: (use) => resourcesOf(connector, use),
    checkHealth: () => within(null, ({ http, settings }, signal) => connector.healthCheck({ http, settings, signal, ...choices() })),
    poll: ({ trigger, cursor }) =>
      within(null, ({ http, settings }, signal) => pollInHarness(connector, trigger, { cursor, http, settings, signal, ...choices() })),
    options: (asked) => optionsInHarness(connector, asked, reading),
    content: (read) => contentInHarness(connector, read, reading),
    receive: (request) => receiveInHarness({ connector, clock, network, ...request }),
    subscriptions: (use) => within(null, ({ http, settings }, signal) => use(subscriptionsOf(connector), { http, settings, signal })),
    close: () => network.close(),
  };
}

/** Opens a session for each call, over one gateway and one connection: what they have prepared is kept from call to call, as in a hub. */
function sessionsOf(
  options: ConnectorHarnessOptions,
  network: Network,
): (call: Pick<SessionOptions, 'key' | 'signal' | 'credential'>) => GatewaySession {
  const { connector, settings = {}, clock = systemClock, timeoutMs = 30_000, maximumResponseBytes = 10_485_760, signers = [] } = options;
  const value: ConnectionRecord = {
    connector: connector.id,
    name: 'harness',
    status: 'active',
    owner: null,
    externalAccountId: null,
    externalAccountName: null,
    settings,
    metadata: {},
    secretVersion: 1,
    connectedAt: 0,
  };
  const connection: Row<'connection'> = { id: 'harness', name: 'harness', version: 1, value, updatedAt: 0 };
  const gateway = {
    network,
    clock,
    notify: () => undefined,
    maximumResponseBytes,
    signers: knownSigners(signers),
    guards: [],
    prepared: new WeakMap(),
  };
  return (call) => {
    const deadline = clock.monotonic() + timeoutMs;
    return openSession(gateway, {
      tenant: 'harness',
      connection,
      definition: connector.definition,
      ...call,
      deadline: () => deadline,
      author: 'connector',
    });
  };
}

/** As the executor does before it runs an action. Throws `resource_refused`. */
async function requireWithin({ connector, confinedTo }: ConnectorHarnessOptions, { action, input }: HarnessCall): Promise<void> {
  if (confinedTo === undefined) return;
  const definition = Object.hasOwn(connector.actions, action) ? connector.actions[action] : undefined;
  await requireResources(connector, { name: action, definition, input }, { confinedTo: parseConfinement(connector, confinedTo) });
}

async function resourcesOf({ definition, ...connector }: Connector, use: HarnessUse): Promise<Readonly<Record<string, NamedResources>>> {
  const action = 'action' in use && Object.hasOwn(connector.actions, use.action) ? connector.actions[use.action] : undefined;
  const trigger = 'trigger' in use && Object.hasOwn(connector.triggers, use.trigger) ? connector.triggers[use.trigger] : undefined;
  const advice = 'Nothing was sent. Correct the input.';
  const value: unknown =
    'data' in use ? use.data : action && (await parseWith(action.input, use.input, { code: 'invalid_input', what: 'The input', advice }));
  const uses = (action ?? trigger)?.resources;
  const kinds = Object.entries(definition.resources ?? {});
  return Object.fromEntries(kinds.map(([id, kind]) => [id, namedResources(kind, useOf(uses, id), value)]));
}

/** A key as the hub makes it: 32 characters of base64url. */
function keyOf(parts: readonly string[]): IdempotencyKey {
  const value = createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 24).toString('base64url');
  return { value, child: (name) => keyOf([...parts, `child:${name}`]) };
}
