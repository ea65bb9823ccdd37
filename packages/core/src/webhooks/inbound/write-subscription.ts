import type { HeldSubscription } from '../../connector/webhook-subscriptions.ts';
import type { ConfigurationStore, Row } from '../../contracts/configuration-store.ts';
import type { RegistrationRecord, SubscriptionRecord } from '../../contracts/webhook-records.ts';
import { toErrorRecord } from '../../errors/error-record.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { Notify } from '../../notices/notices.ts';
import { dueNoLater } from './registrations-due.ts';
import { dueAfterFailure, timesAfterSuccess } from './subscription-times.ts';

/** What writing needs. */
export interface WriteSubscriptionOptions {
  readonly store: Pick<ConfigurationStore, 'get' | 'write'>;
  readonly now: () => number;
  readonly random: () => number;
  readonly notify: Notify;
  readonly remindDays: readonly number[];
}

interface Tried {
  readonly tenant: string;
  /** The registration as it was when the provider was asked. */
  readonly row: Row<'registration'>;
}

/** Races that are tried again before they are given up; the upkeep looks again then. */
const writeTries = 20;

/** Longest error that is kept, characters. */
const longestError = 500;

/** Keeps what the provider holds; `null` where the registration is gone. What was changed meanwhile is to be brought there once more, soon. */
export function recordSuccess(
  options: WriteSubscriptionOptions,
  { tenant, row, held }: Tried & { readonly held: HeldSubscription },
): Promise<Row<'registration'> | null> {
  const now = options.now();
  const chance = options.random();
  return write(options, { tenant, row }, (current, before) => {
    const expiresAt = held.expiresAt ?? (held.id === before.providerId ? before.expiresAt : null);
    // The end is what it was: so is the time at which it is renewed, or it would move on with every look.
    const isSameEnd = held.id === before.providerId && expiresAt === before.expiresAt && before.renewAt !== null;
    const times = timesAfterSuccess({ expiresAt, renewAt: isSameEnd ? before.renewAt : null }, now, chance);
    const isOutdated = isChangedSince(row.value, current);
    const status = isOutdated ? 'pending' : 'active';
    const done = { ...before, ...times, status, providerId: held.id, lastError: null, failures: 0 } as const;
    return isOutdated ? { ...done, dueAt: now } : done;
  });
}

/** Keeps why it did not work, and tells of it. One that still stands at the provider goes on until it ends. */
export async function recordFailure(
  options: WriteSubscriptionOptions,
  { tenant, row, error, during }: Tried & { readonly error: unknown; readonly during: 'bring' | 'renew' | 'look' },
): Promise<Row<'registration'> | null> {
  const now = options.now();
  const record = toErrorRecord(error);
  const after = await write(options, { tenant, row }, (_, before) => {
    const failures = before.failures + 1;
    const stands = during !== 'bring' && before.providerId !== null && (before.expiresAt ?? Number.POSITIVE_INFINITY) > now;
    const status = stands ? (during === 'renew' ? 'expiring' : before.status) : 'failed';
    const dueAt = dueAfterFailure(failures, now, options.random());
    // What nobody could renew is looked for in the provider's list again once its time is over.
    const inTime = stands && before.expiresAt !== null ? Math.min(dueAt, before.expiresAt) : dueAt;
    return { ...before, status, lastError: record.message.slice(0, longestError), failures, dueAt: inTime };
  });
  if (after === null) return null;
  const { connection: connectionId, connector: connectorId, subscription } = after.value;
  const status = subscription?.status ?? 'failed';
  const expiresAt = subscription?.expiresAt ?? null;
  const failures = subscription?.failures ?? 1;
  options.notify('webhook.registration_failed', {
    ...{ tenant, registrationId: row.id, connectionId, connectorId, status, error: record, failures, expiresAt, at: now },
  });
  return after;
}

/** Keeps that the provider does not have it any more; it is brought there again as soon as its connection can be used. */
export function recordRemoval(options: WriteSubscriptionOptions, { tenant, row }: Tried): Promise<Row<'registration'> | null> {
  const gone = { status: 'pending', providerId: null, expiresAt: null, renewAt: null, lastError: null, failures: 0 } as const;
  return write(options, { tenant, row }, (_, before) => ({ ...before, ...gone, dueAt: options.now() }));
}

async function write(
  { store, remindDays }: WriteSubscriptionOptions,
  { tenant, row }: Tried,
  change: (current: RegistrationRecord, before: SubscriptionRecord) => SubscriptionRecord,
): Promise<Row<'registration'> | null> {
  for (let tries = 0; tries < writeTries; tries += 1) {
    const current = await store.get(tenant, 'registration', row.id);
    const before = current?.value.subscription;
    if (!current || !before) return null;
    const subscription = change(current.value, before);
    const value: RegistrationRecord = { ...current.value, subscription };
    const connection = await store.get(tenant, 'connection', value.connection);
    const due = connection ? dueNoLater(connection, { dueAt: subscription.dueAt, remindDays }) : [];
    const put = { put: 'registration', id: row.id, name: current.name, expect: current.version, value } as const;
    const verdict = await store.write(tenant, [put, ...due]);
    if (verdict.status === 'written') return { ...current, version: current.version + 1, value };
  }
  throw new PatchbayError({
    code: 'conflict',
    message: 'The registration is being changed by others at the same time. Try again.',
    retryable: true,
  });
}

/** Whether a registration was changed since it was looked at, so that the provider holds what was wanted before. */
function isChangedSince(before: RegistrationRecord, now: RegistrationRecord): boolean {
  return before.secrets[0]?.id !== now.secrets[0]?.id || before.triggers.join() !== now.triggers.join();
}
