import { dayMs } from '../clock/day-of.ts';
import type { ConnectionRecord } from '../contracts/configuration-records.ts';
import { isAnnounced } from './holds-place.ts';

/** Milliseconds after which an account that could not be used is looked at again. */
export const lookAgainMs = 900_000;

/** Days before the end of a credential at which somebody is reminded, unless the host says otherwise. */
export const usualReminders: readonly number[] = [14, 3, 1];

/** True where the host has said that the credential ends, and that time has come. */
export function isExpired({ credentialExpiresAt }: ConnectionRecord, now: number): boolean {
  return credentialExpiresAt !== undefined && credentialExpiresAt <= now;
}

/** True where the hub is to look at the webhooks of a connection at its service. */
export function areRegistrationsDue({ registrationsDueAt, status }: ConnectionRecord, now: number): boolean {
  return registrationsDueAt !== undefined && registrationsDueAt <= now && status !== 'disconnected' && status !== 'initializing';
}

/** The nearest reminder that is due and was not given: of those that were missed, the last one says all. `null` where none is. */
export function reminderDue(
  { credentialExpiresAt, remindedDays }: ConnectionRecord,
  remindDays: readonly number[],
  now: number,
): number | null {
  if (credentialExpiresAt === undefined) return null;
  const due = remindDays.filter((days) => days < (remindedDays ?? Number.POSITIVE_INFINITY) && credentialExpiresAt - days * dayMs <= now);
  return due.length === 0 ? null : Math.min(...due);
}

/** The record with the time at which the hub looks at it by itself, or without one where it need not. */
export function withDueAt({ dueAt, ...record }: ConnectionRecord, remindDays: readonly number[]): ConnectionRecord {
  // When it is taken away is none of its credential's business.
  if (isAnnounced(record) && dueAt !== undefined) return { ...record, dueAt };
  const times = [...timesOf(record, remindDays)];
  return times.length === 0 ? record : { ...record, dueAt: Math.ceil(Math.min(...times)) };
}

function* timesOf(record: ConnectionRecord, remindDays: readonly number[]): Generator<number> {
  const {
    status,
    credentialExpiresAt: end,
    remindedDays = Number.POSITIVE_INFINITY,
    previousUntil,
    lastCheck,
    registrationsDueAt,
  } = record;
  if (previousUntil !== undefined) yield previousUntil;
  if (registrationsDueAt !== undefined && status !== 'disconnected' && status !== 'initializing') yield registrationsDueAt;
  if (status === 'error') yield (lastCheck?.at ?? 0) + lookAgainMs;
  if (end === undefined || (status !== 'active' && status !== 'error')) return;
  yield end;
  for (const days of remindDays) if (days < remindedDays) yield end - days * dayMs;
}
