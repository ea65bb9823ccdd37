import { hostActor } from '../audit/actors.ts';
import type { Connector } from '../connector/connector-definition.ts';
import type { HttpAnswer, StreamedAnswer } from '../connector/connector-http.ts';
import type { HostFunctions } from '../connector/host-function.ts';
import { type ActionsApi, actionsApi } from './actions-api.ts';
import { type AlertsApi, alertsApi } from './alerts-api.ts';
import { type AuditApi, auditApi } from './audit-api.ts';
import { type AutomationsApi, automationsApi } from './automations-api.ts';
import { checkActor, type TenantActor } from './check-actor.ts';
import { type ConfigurationApi, configurationApi } from './configuration-api.ts';
import { type ConnectionsApi, connectionsApi } from './connections-api.ts';
import { type ContentApi, contentApi } from './content-api.ts';
import { createScope } from './create-scope.ts';
import { type DispatchesApi, dispatchesApi } from './dispatches-api.ts';
import { type EndpointsApi, endpointsApi } from './endpoints-api.ts';
import { type EnrichmentsApi, enrichmentsApi } from './enrichments-api.ts';
import { type ErrorsApi, errorsApi } from './errors-api.ts';
import { type EventsOf, eventsApi } from './events-api.ts';
import { type EvidenceApi, evidenceApi } from './evidence-api.ts';
import { type FlagsApi, flagsApi } from './flags-api.ts';
import { type MappingsApi, mappingsApi } from './mappings-api.ts';
import { type OAuthApi, oauthApi } from './oauth-api.ts';
import { type PlanApi, planApi } from './plan-api.ts';
import { type ReceiversApi, receiversApi } from './receivers-api.ts';
import { type RecordsApi, recordsApi } from './records-api.ts';
import { type GatewayRequest, gatewayRequest, type StreamedGatewayRequest, streamedRequest } from './request.ts';
import { type RequestsApi, requestsApi } from './requests-api.ts';
import { type RunsApi, runsApi } from './runs-api.ts';
import { type TemplatesApi, templatesApi } from './templates-api.ts';
import type { TenantScope, TenantServices } from './tenant-services.ts';
import type { HostEvents } from './typed-automation.ts';
import type { RecordTypeOf } from './typed-records.ts';
import { type VaultApi, vaultApi } from './vault-api.ts';
import { type WebhooksApi, webhooksApi } from './webhooks-api.ts';

/**
 * The way in to everything of one tenant. No call takes the id of another tenant's thing: unknown and foreign look the same. `TenantHandle`
 * alone is one of any hub, as `Hub` alone is any hub.
 */
export interface TenantHandle<
  C extends Connector = Connector,
  E extends HostEvents = never,
  Transaction = never,
  F extends HostFunctions = never,
> {
  readonly id: string;
  readonly connections: ConnectionsApi;
  readonly automations: AutomationsApi<C, E, F>;
  readonly events: EventsOf<E, Transaction>;
  readonly records: RecordsApi<RecordTypeOf<E>, Transaction>;
  readonly actions: ActionsApi<C, F>;
  readonly runs: RunsApi;
  readonly dispatches: DispatchesApi;
  readonly webhooks: WebhooksApi;
  readonly endpoints: EndpointsApi;
  readonly receivers: ReceiversApi;
  readonly alerts: AlertsApi;
  readonly mappings: MappingsApi;
  readonly enrichments: EnrichmentsApi;
  readonly content: ContentApi;
  readonly evidence: EvidenceApi;
  readonly templates: TemplatesApi;
  readonly configuration: ConfigurationApi<C>;
  readonly flags: FlagsApi<C>;
  readonly plan: PlanApi;
  readonly oauth: OAuthApi;
  readonly vault: VaultApi;
  readonly audit: AuditApi;
  readonly requests: RequestsApi;
  readonly errors: ErrorsApi;
  /** One authenticated request through a connection; synchronous, no dispatch, the caller's own to repeat. */
  request(connection: string, request: GatewayRequest & { readonly response?: undefined }): Promise<HttpAnswer>;
  /** The same with an answer that is read as it comes: read its body to the end or cancel it. */
  request(connection: string, request: StreamedGatewayRequest): Promise<StreamedAnswer>;
}

/** How a handle is used. */
export interface TenantOptions {
  /** Who acts, for the audit: `{ kind: 'user', id: 'ada' }`. @default the host's program */
  readonly actor?: TenantActor;
}

/** A frozen handle of one tenant. Throws `tenant_missing`, and `invalid_argument` for an actor that is none. */
export function createTenantHandle<C extends Connector, E extends HostEvents, Transaction, F extends HostFunctions>(
  services: TenantServices,
  tenant: string,
  { actor }: TenantOptions = {},
): TenantHandle<C, E, Transaction, F> {
  const scope = createScope(services, tenant, { actor: actor === undefined ? hostActor : checkActor(actor) });
  return Object.freeze({
    id: scope.tenant,
    connections: connectionsApi(scope),
    automations: automationsApi<C, E, F>(scope),
    // It takes any type and transaction and checks them; the host's own are what its own type lets through.
    events: eventsApi(scope) as EventsOf<E, Transaction>,
    records: recordsApi(scope) as RecordsApi<RecordTypeOf<E>, Transaction>,
    actions: actionsApi<C, F>(scope),
    runs: runsApi(scope),
    dispatches: dispatchesApi(scope),
    webhooks: webhooksApi(scope),
    endpoints: endpointsApi(scope),
    receivers: receiversApi(scope),
    alerts: alertsApi(scope),
    mappings: mappingsApi(scope),
    enrichments: enrichmentsApi(scope),
    content: contentApi(scope),
    evidence: evidenceApi(scope),
    templates: templatesApi(scope),
    configuration: configurationApi<C>(scope),
    flags: flagsApi<C>(scope),
    plan: planApi(scope),
    oauth: oauthApi(scope),
    vault: vaultApi(scope),
    audit: auditApi(scope),
    requests: requestsApi(scope),
    errors: errorsApi(scope),
    request: requestsOf(scope),
  });
}

function requestsOf(scope: TenantScope): TenantHandle['request'] {
  function request(connection: string, given: GatewayRequest & { readonly response?: undefined }): Promise<HttpAnswer>;
  function request(connection: string, given: StreamedGatewayRequest): Promise<StreamedAnswer>;
  function request(
    connection: string,
    given: StreamedGatewayRequest | (GatewayRequest & { readonly response?: undefined }),
  ): Promise<HttpAnswer | StreamedAnswer> {
    return given.response === 'stream' ? streamedRequest(scope, connection, given) : gatewayRequest(scope, connection, given);
  }
  return request;
}
