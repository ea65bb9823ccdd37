import type { WebhookSubscriptions } from '../connector/webhook-subscriptions.ts';
import type { Row } from '../contracts/configuration-store.ts';
import type { ProviderCall } from '../webhooks/inbound/provider-call.ts';
import { removeSubscription } from '../webhooks/inbound/remove-subscription.ts';
import { recordFailure, recordRemoval } from '../webhooks/inbound/write-subscription.ts';
import { openConnection } from './open-connection.ts';
import { registrationServices, registrationsAtProvider, registrationUrl } from './registration-services.ts';
import type { TenantScope } from './tenant-services.ts';

/** Milliseconds for all registrations of a connection together: the grant is taken back afterwards. */
const timeoutMs = 20_000;

/** Registrations that are taken away at a time. */
const atOnce = 8;

/** Takes what a connection has registered away at its provider. Never throws: what fails is kept with the registration and told. */
export type TakeAway = () => Promise<void>;

const nothing: TakeAway = async () => undefined;

/**
 * Opens the credential of a connection that is about to end, so that what it has registered is taken away with it once the connection has ended
 * here. The registrations stay, and are brought to the provider again when the connection is put again. Never throws.
 */
export async function registrationsOfEnding(scope: TenantScope, connection: Row<'connection'>): Promise<TakeAway> {
  const subscriptions = scope.registry.findFor(connection.value)?.definition.webhook?.subscriptions;
  if (!subscriptions || connection.value.registrationsDueAt === undefined) return nothing;
  const { signal } = new AbortController();
  try {
    const rows = await registrationsAtProvider(scope, connection.id);
    if (rows.length === 0) return nothing;
    const { http, settings } = await openConnection(scope, connection, { author: 'connector', signal, timeoutMs });
    return () => takeAll(scope, { rows, subscriptions, call: { http, settings, signal } });
  } catch {
    // A credential that cannot be opened or used takes nothing away, and the connection ends all the same.
    return nothing;
  }
}

interface Taking {
  readonly rows: readonly Row<'registration'>[];
  readonly subscriptions: WebhookSubscriptions;
  readonly call: ProviderCall;
}

async function takeAll(scope: TenantScope, { rows, subscriptions, call }: Taking): Promise<void> {
  const { tenant, cache } = scope;
  const options = registrationServices(scope);
  const takeOne = async (row: Row<'registration'>): Promise<void> => {
    const { target = null, providerId = null } = row.value.subscription ?? {};
    try {
      await removeSubscription(subscriptions, call, { url: registrationUrl(scope, row), target, providerId });
      await recordRemoval(options, { tenant, row });
    } catch (error) {
      await recordFailure(options, { tenant, row, error, during: 'look' }).catch(() => null);
    }
  };
  for (let first = 0; first < rows.length; first += atOnce) await Promise.all(rows.slice(first, first + atOnce).map(takeOne));
  cache.forget(tenant);
}
