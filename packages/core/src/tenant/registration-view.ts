import { z } from 'zod';
import type { RegistrationRules, SubscriptionStatus } from '../contracts/configuration-records.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { noteName } from '../webhooks/inbound/delivery-notes.ts';
import { registrationUrl } from './registration-services.ts';
import type { TenantScope } from './tenant-services.ts';
import { countsSince, type WebhookCounts } from './webhook-analytics.ts';

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

/** A registration with what has come to it. Counts and last deliveries are written at most once a second. */
export interface RegistrationDetail extends Registration {
  /** Since it was made. */
  readonly counts: WebhookCounts;
  /** The last event that was taken in; `null` before the first. */
  readonly lastReceived: { readonly at: number; readonly eventId: string; readonly type: string } | null;
  /** The last delivery that was not taken in; `null` before the first. `reason` as in the notice `webhook.failed`. */
  readonly lastFailed: { readonly at: number; readonly code: string; readonly reason: string | null } | null;
}

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

const received = z.object({ at: z.number(), eventId: z.string(), type: z.string() });
const failed = z.object({ at: z.number(), code: z.string(), reason: z.string().nullable() });

/** The same, with what has come to it. */
export async function viewRegistrationDetail(scope: TenantScope, row: Row<'registration'>): Promise<RegistrationDetail> {
  const { tenant, storage } = scope;
  const [counts, last, fault] = await Promise.all([
    countsSince(scope, { id: row.id, since: row.value.createdAt }),
    storage.states.read(tenant, noteName(row.id, 'received')),
    storage.states.read(tenant, noteName(row.id, 'failed')),
  ]);
  return {
    ...viewRegistration(scope, row),
    counts,
    lastReceived: received.safeParse(last?.value).data ?? null,
    lastFailed: failed.safeParse(fault?.value).data ?? null,
  };
}
