import { allowAddresses } from './allow-addresses.ts';
import { type KeptDeliveriesApi, keptDeliveriesApi } from './kept-deliveries-api.ts';
import { openOfferedSecret } from './open-offered-secret.ts';
import { pageRegistrations, type RegistrationFilter, registrationsThatFit } from './page-registrations.ts';
import type { ListOptions, Page } from './read-cursor.ts';
import { type ReconcileRequest, type ReconcileResult, reconcile } from './reconcile.ts';
import { type RegistrationInput, register } from './register.ts';
import { type Registration, type RegistrationDetail, viewRegistration, viewRegistrationDetail } from './registration-view.ts';
import { rotateWebhookSecret, type WebhookRotation } from './rotate-webhook-secret.ts';
import type { TenantScope } from './tenant-services.ts';
import { registrationRow, unregister } from './unregister.ts';
import { type RegistrationChanges, updateRegistration } from './update-registration.ts';
import { type AnalyticsRequest, type WebhookAnalytics, webhookAnalytics } from './webhook-analytics.ts';

/** A tenant's inbound webhooks. */
export interface WebhooksApi {
  /**
   * Registers one. With a secret: a person has set it up at the service; another secret replaces the one before, which holds for 24 hours more.
   * Without: the hub registers it by the service's API, renews and mends it; calling again repeats what has failed.
   */
  register(input: RegistrationInput): Promise<Registration>;
  /** One, with what has come to it. */
  get(id: string): Promise<RegistrationDetail>;
  /** All that fit, in order of id. */
  list(filter?: RegistrationFilter): Promise<readonly Registration[]>;
  /** A page of those that fit, in order of id. */
  page(request?: RegistrationFilter & ListOptions): Promise<Page<Registration>>;
  /**
   * Takes its deliveries from these addresses and ranges alone, such as `192.0.2.0/24`; `null`: from everywhere. What comes from elsewhere is refused as a wrong
   * signature is. Throws `invalid_argument`.
   */
  allowAddresses(id: string, addresses: readonly string[] | null): Promise<Registration>;
  /**
   * The secret that the service has made up and sent, where its connector says that it does so (Notion). Show it to the person who enters it there, then
   * `register` with it: until then it verifies nothing. `null`: none waits.
   */
  offeredSecret(id: string): Promise<string | null>;
  /** From the next event on its deliveries are refused; at the service it is taken away as soon as the service answers. */
  unregister(id: string): Promise<void>;
  /** Gives it another secret; the one before holds for 24 hours more, or for `overlapMs`. Without one where the hub has registered it. */
  rotateSecret(id: string, rotation?: WebhookRotation): Promise<Registration>;
  /** Gives it other rules: they hold for every event that is committed afterwards. */
  update(id: string, changes: RegistrationChanges): Promise<Registration>;
  /** What came in over some days, by day and by registration. @default the last 30 days */
  analytics(request?: AnalyticsRequest): Promise<WebhookAnalytics>;
  /** Compares what a connection has registered with the service's list, and mends what differs. */
  reconcile(request: ReconcileRequest): Promise<ReconcileResult>;
  /** Deliveries that could not become events. */
  readonly kept: KeptDeliveriesApi;
}

/** The webhooks part of a tenant's handle. */
export function webhooksApi(scope: TenantScope): WebhooksApi {
  return {
    register: async (input) => viewRegistration(scope, await register(scope, input)),
    get: async (id) => viewRegistrationDetail(scope, await registrationRow(scope, id)),
    list: async (filter = {}) => (await registrationsThatFit(scope, filter)).map((row) => viewRegistration(scope, row)),
    async page(request = {}) {
      const { items, cursor } = await pageRegistrations(scope, request);
      return { items: items.map((row) => viewRegistration(scope, row)), cursor };
    },
    unregister: (id) => unregister(scope, id),
    rotateSecret: async (id, rotation = {}) => viewRegistration(scope, await rotateWebhookSecret(scope, id, rotation)),
    update: async (id, changes) => viewRegistration(scope, await updateRegistration(scope, id, changes)),
    analytics: async (request = {}) => webhookAnalytics(scope, request),
    reconcile: (request) => reconcile(scope, request),
    offeredSecret: async (id) => openOfferedSecret(scope, await registrationRow(scope, id)),
    kept: keptDeliveriesApi(scope),
    allowAddresses: async (id, addresses) =>
      viewRegistration(scope, await allowAddresses(scope, () => registrationRow(scope, id), addresses)),
  };
}
