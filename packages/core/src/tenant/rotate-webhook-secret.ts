import type { SignatureScheme } from '../connector/signature-scheme.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { checkSecret, secretFor } from '../webhooks/inbound/check-secret.ts';
import { checkWindow, withSecret } from '../webhooks/inbound/registration-secrets.ts';
import { dueNoLater } from '../webhooks/inbound/registrations-due.ts';
import { subscribeRegistration } from '../webhooks/inbound/subscribe-registration.ts';
import { askProvider } from './ask-provider.ts';
import { registrationServices } from './registration-services.ts';
import type { TenantScope } from './tenant-services.ts';
import { changedMeanwhile, registrationRow } from './unregister.ts';

/** Races that are tried again before they are given up. */
const writeTries = 20;

/** How the secret of a registration is replaced. */
export interface WebhookRotation {
  /** For one that a person has set up. Where the hub has registered it, it makes one. */
  readonly secret?: string;
  /** Milliseconds for which the secrets before still hold, 0 to 30 days; 0 ends them at once. @default 24 hours */
  readonly overlapMs?: number | undefined;
}

/**
 * Gives a registration another secret; the one before holds for 24 hours more, unless `overlapMs` says otherwise. One that the hub has made is brought up to date at the provider, and
 * where that fails it is tried again: deliveries under the old secret come in meanwhile. Throws what the provider refuses it with.
 */
export async function rotateWebhookSecret(scope: TenantScope, id: string, rotation: WebhookRotation): Promise<Row<'registration'>> {
  const { tenant, configuration, registry, cache } = scope;
  const row = await writeSecret(scope, id, rotation);
  cache.forget(tenant);
  const connection = await configuration.get(tenant, 'connection', row.value.connection);
  if (row.value.subscription === undefined || !connection) return row;
  const connector = registry.getFor(connection.value);
  const brought = await subscribeRegistration(registrationServices(scope), {
    ...{ tenant, connector, registration: id, ask: askProvider(scope, connection) },
  });
  cache.forget(tenant);
  if (brought.error !== null) throw brought.error;
  return brought.row ?? row;
}

async function writeSecret(scope: TenantScope, id: string, { secret: given, overlapMs }: WebhookRotation): Promise<Row<'registration'>> {
  checkWindow({ overlapMs });
  const { tenant, configuration, connect, clock } = scope;
  const services = registrationServices(scope);
  for (let tries = 0; tries < writeTries; tries += 1) {
    const row = await registrationRow(scope, id);
    const { subscription } = row.value;
    const its = await configuration.get(tenant, 'connection', row.value.connection);
    const { scheme } = scope.registry.getFor(its?.value ?? { connector: row.value.connector }).definition.webhook ?? {};
    checkGiven({ given, scheme, isByHub: subscription !== undefined });
    const secret = given ?? secretFor(scheme, connect.randomName());
    const change = { before: row.value.secrets, now: clock.now(), overlapMs };
    const secrets = await withSecret({ ...services, vault: scope.vault }, { tenant, registration: id, secret, change });
    const waiting = subscription && { subscription: { ...subscription, status: 'pending' as const, dueAt: clock.now() } };
    const value = { ...row.value, secrets, ...waiting };
    const connection = waiting && (await configuration.get(tenant, 'connection', value.connection));
    const due = connection ? dueNoLater(connection, { dueAt: clock.now(), remindDays: connect.remindDays }) : [];
    const put = { put: 'registration', id, name: row.name, expect: row.version, value } as const;
    const verdict = await configuration.write(tenant, [put, ...due]);
    if (verdict.status === 'written') return { ...row, version: row.version + 1, value };
  }
  throw changedMeanwhile();
}

interface Given {
  readonly given: string | undefined;
  readonly scheme: SignatureScheme | undefined;
  readonly isByHub: boolean;
}

function checkGiven({ given, scheme, isByHub }: Given): void {
  if (isByHub && given === undefined) return;
  if (isByHub)
    throw new PatchbayError({
      code: 'invalid_argument',
      message: 'The hub has registered this one at the provider and makes its secrets. Leave the secret out.',
    });
  if (scheme === undefined)
    throw new PatchbayError({ code: 'unsupported', message: 'These webhooks are verified by no secret, so there is none to replace.' });
  checkSecret(given, scheme, {});
}
