import { z } from 'zod';
import { noteName } from '../webhooks/inbound/delivery-notes.ts';
import type { TenantScope } from './tenant-services.ts';
import { countsSince, type WebhookCounts } from './webhook-analytics.ts';

/** What has come to a registration or a receiver. Counts and last deliveries are written at most once a second. */
export interface DeliveriesSoFar {
  /** Since it was made. */
  readonly counts: WebhookCounts;
  /** The last event that was taken in; `null` before the first. */
  readonly lastReceived: { readonly at: number; readonly eventId: string; readonly type: string } | null;
  /** The last delivery that was not taken in; `null` before the first. `reason` as in the notice `webhook.failed`. */
  readonly lastFailed: { readonly at: number; readonly code: string; readonly reason: string | null } | null;
}

const received = z.object({ at: z.number(), eventId: z.string(), type: z.string() });
const failed = z.object({ at: z.number(), code: z.string(), reason: z.string().nullable() });

/** Reads it, by the name under which deliveries are counted. */
export async function deliveriesSoFar(
  scope: TenantScope,
  { name, since }: { readonly name: string; readonly since: number },
): Promise<DeliveriesSoFar> {
  const { tenant, storage } = scope;
  const [counts, last, fault] = await Promise.all([
    countsSince(scope, { id: name, since }),
    storage.states.read(tenant, noteName(name, 'received')),
    storage.states.read(tenant, noteName(name, 'failed')),
  ]);
  return {
    counts,
    lastReceived: received.safeParse(last?.value).data ?? null,
    lastFailed: failed.safeParse(fault?.value).data ?? null,
  };
}

/** What was last received is of no use any more. A delivery under way may note its own once more. */
export async function forgetDeliveries({ tenant, storage }: TenantScope, name: string): Promise<void> {
  const kinds = ['received', 'failed'] as const;
  await storage.states.write(kinds.map((kind) => ({ tenant, name: noteName(name, kind), expect: 'any', value: null })));
}
