import type { Row } from '../contracts/configuration-store.ts';
import type { RegistrationRules, SubscriptionStatus } from '../contracts/webhook-records.ts';
import { type DeliveriesSoFar, deliveriesSoFar } from './deliveries-so-far.ts';
import { registrationUrl } from './registration-services.ts';
import type { TenantScope } from './tenant-services.ts';

/** A registration as the host sees it. Times are milliseconds since 1970. */
export interface Registration {
  readonly id: string;
  /** Where the service sends to: what to enter there, where a person sets it up. */
  readonly url: string;
  readonly connector: string;
  readonly connection: string;
  readonly triggers: readonly string[];
  /** From where its deliveries are taken; `null`: from everywhere. */
  readonly addresses: readonly string[] | null;
  readonly createdAt: number;
  /** `person`: set up at the service by hand; `hub`: by the service's API. */
  readonly setUpBy: 'person' | 'hub';
  /** `pending`: on its way to the service; `expiring`: it could not be renewed yet; `failed`: not there. What a person has set up is `active`. */
  readonly status: SubscriptionStatus;
  /** What at the service it is for; `null` where nothing was named. */
  readonly target: string | null;
  /** The service's own id; `null` where it is not known. */
  readonly providerId: string | null;
  /** When it ends unless it is renewed; `null`: never, or not known. */
  readonly expiresAt: number | null;
  /** Why it is not as it should be; `null` where it is. */
  readonly lastError: string | null;
  /** What becomes of its events; `null`: they are taken in as they come. Automations by their ids. */
  readonly rules: RegistrationRules | null;
}

/** A registration with what has come to it. */
export interface RegistrationDetail extends Registration, DeliveriesSoFar {}

/** The host's view of a registration. */
export function viewRegistration(scope: Pick<TenantScope, 'publicUrl' | 'clock'>, row: Row<'registration'>): Registration {
  const { connector, connection, triggers, createdAt, subscription, rules = null, addresses = null } = row.value;
  const { target = null, providerId = null, expiresAt = null, lastError = null, status = 'active' } = subscription ?? {};
  const isOver = expiresAt !== null && expiresAt <= scope.clock.now();
  return {
    id: row.id,
    url: registrationUrl(scope, row),
    connector,
    connection,
    triggers,
    addresses,
    createdAt,
    setUpBy: subscription === undefined ? 'person' : 'hub',
    status: isOver && status !== 'pending' ? 'failed' : status,
    target,
    providerId,
    expiresAt,
    lastError,
    rules,
  };
}

/** The same, with what has come to it. */
export async function viewRegistrationDetail(scope: TenantScope, row: Row<'registration'>): Promise<RegistrationDetail> {
  return { ...viewRegistration(scope, row), ...(await deliveriesSoFar(scope, { name: row.id, since: row.value.createdAt })) };
}
