import type { EndpointInput } from '../webhooks/outbound/endpoint-input.ts';
import type { TimeWindow } from './check-window.ts';
import { deleteEndpoint } from './delete-endpoint.ts';
import { type DeliveriesApi, deliveriesApi } from './deliveries-api.ts';
import { endpointRow } from './endpoint-row.ts';
import { revealEndpointSecret, rotateEndpointSecret, type SecretRotation } from './endpoint-secrets.ts';
import { type EndpointStatistics, endpointStatistics } from './endpoint-statistics.ts';
import { type Endpoint, toEndpoint } from './endpoint-view.ts';
import { type PutEndpoint, putEndpoint } from './put-endpoint.ts';
import { type ListOptions, type Page, pageRequest } from './read-cursor.ts';
import { disableEndpoint, enableEndpoint } from './switch-endpoint.ts';
import type { TenantScope } from './tenant-services.ts';
import { type SentTest, type TestEvent, testEndpoint } from './test-endpoint.ts';
import { verifyEndpoint } from './verify-endpoint.ts';

/** URLs of the tenant's that receive events. A reference is a name or an id. */
export interface EndpointsApi {
  /**
   * Makes the endpoint of this name, or brings it up to date: what was committed before goes as it was planned, to the URL as it is now. The same
   * input changes nothing. A secret that is made is told here and nowhere else but by `revealSecret`. Throws `invalid_argument`,
   * `egress_refused`, `condition_invalid`, `template_invalid` and `plan_limit`.
   */
  put(name: string, input: EndpointInput): Promise<PutEndpoint>;
  get(reference: string): Promise<Endpoint>;
  /** In order of their ids. */
  list(options?: ListOptions): Promise<Page<Endpoint>>;
  /** Deletes it and cancels what waits for it; what is under way at this moment ends by itself. */
  delete(reference: string): Promise<void>;
  /** Sends the challenge; once it is answered deliveries begin. Throws `connect_failed` where it is not, and `rate_limited` for a host that was sent ten within a minute. */
  verify(reference: string): Promise<Endpoint>;
  /** Sends an event to this endpoint alone, as a delivery like any other. Throws `conflict` where it receives nothing now. */
  sendTest(reference: string, test?: TestEvent): Promise<SentTest>;
  /** Gives it a new secret; the one before goes on to sign beside it for a while. */
  rotateSecret(reference: string, rotation?: SecretRotation): Promise<PutEndpoint>;
  /** The newest secret in the clear, for who has lost it. It is recorded who asked. */
  revealSecret(reference: string): Promise<string>;
  /** Begins anew: failures are forgotten, gates open, what waited is delivered. Events that came meanwhile were not planned; replay them. */
  enable(reference: string): Promise<Endpoint>;
  /** No event is planned for it from the next one on; what is planned waits without attempts until it is enabled. */
  disable(reference: string): Promise<Endpoint>;
  /** Attempts, success rate and latency by day and type. @default the last 30 days */
  statistics(reference: string, window?: TimeWindow): Promise<EndpointStatistics>;
  /** What was sent to them, and what is to be sent again. */
  readonly deliveries: DeliveriesApi;
}

/** The endpoints part of a tenant's handle. */
export function endpointsApi(scope: TenantScope): EndpointsApi {
  return {
    put: (name, input) => putEndpoint(scope, name, input),
    get: async (reference) => toEndpoint(await endpointRow(scope, reference)),
    async list(options = {}) {
      await scope.ready();
      const { limit, cursor } = pageRequest(options);
      const page = await scope.storage.configuration.list(scope.tenant, 'endpoint', { cursor, limit });
      return { items: page.rows.map(toEndpoint), cursor: page.cursor };
    },
    delete: (reference) => deleteEndpoint(scope, reference),
    verify: (reference) => verifyEndpoint(scope, reference),
    sendTest: (reference, test = {}) => testEndpoint(scope, reference, test),
    rotateSecret: (reference, rotation = {}) => rotateEndpointSecret(scope, reference, rotation),
    revealSecret: (reference) => revealEndpointSecret(scope, reference),
    enable: (reference) => enableEndpoint(scope, reference),
    disable: (reference) => disableEndpoint(scope, reference),
    statistics: (reference, window = {}) => endpointStatistics(scope, reference, window),
    deliveries: deliveriesApi(scope),
  };
}
