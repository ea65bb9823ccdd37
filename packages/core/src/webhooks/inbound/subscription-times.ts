import type { SubscriptionRecord } from '../../contracts/webhook-records.ts';

/** Milliseconds between two comparisons with the provider's list: a day. */
const lookEveryMs = 86_400_000;

/** Part of its life after which a subscription is renewed, and how much of it chance adds at most: many end at the same time. */
const renewal = { after: 0.75, spread: 0.1 };

/** Milliseconds until a failure is tried again: doubled with each, to a most. */
const retry = { firstMs: 60_000, mostMs: 21_600_000 };

/** Milliseconds after which a subscription that was begun and never finished is looked at: longer than the longest try. */
export const unfinishedMs = 120_000;

type Times = Pick<SubscriptionRecord, 'expiresAt' | 'renewAt' | 'dueAt'>;

/** When a subscription is to be renewed, unless that is said, and looked at that is as it should be. `chance` is between 0 and 1. */
export function timesAfterSuccess({ expiresAt, renewAt: said }: Pick<Times, 'expiresAt' | 'renewAt'>, now: number, chance: number): Times {
  const part = renewal.after + renewal.spread * chance;
  const renewAt = said ?? (expiresAt === null ? null : Math.round(now + Math.max(0, expiresAt - now) * part));
  const lookAt = Math.round(now + lookEveryMs * (0.9 + 0.1 * chance));
  return { expiresAt, renewAt, dueAt: Math.min(lookAt, renewAt ?? lookAt) };
}

/** When it is tried again after so many failures in a row. */
export function dueAfterFailure(failures: number, now: number, chance: number): number {
  const wait = Math.min(retry.mostMs, retry.firstMs * 2 ** Math.min(20, failures - 1));
  return Math.round(now + wait * (0.5 + 0.5 * chance));
}
