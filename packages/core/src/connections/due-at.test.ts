import { expect, it } from 'vitest';
import { dayMs } from '../clock/day-of.ts';
import { connectionRecord } from '../contracts/__fixtures__/connection-record.ts';
import { isExpired, lookAgainMs, reminderDue, withDueAt } from './due-at.ts';

const end = 1_790_000_000_000;
const record = connectionRecord({ connector: 'shop' });
const ending = { ...record, credentialExpiresAt: end };
const days = [14, 3, 1];

it.each([
  ['says nothing of its end', record, undefined],
  ['ends', ending, end - 14 * dayMs],
  ['was reminded of once', { ...ending, remindedDays: 14 }, end - 3 * dayMs],
  ['was reminded of at last', { ...ending, remindedDays: 1 }, end],
  ['has ended', { ...ending, status: 'token_expired' as const }, undefined],
  ['is refused', { ...ending, status: 'token_invalid' as const }, undefined],
  ['keeps the one before', { ...record, previousUntil: 7 }, 7],
  ['ends and keeps the one before for longer', { ...ending, remindedDays: 1, previousUntil: end + 7 }, end],
  ['has ended and keeps the one before', { ...ending, status: 'token_expired' as const, previousUntil: 7 }, 7],
  ['cannot be used', { ...record, status: 'error' as const, lastCheck: { at: 5, healthy: false, message: '' } }, 5 + lookAgainMs],
  ['was due before', { ...record, dueAt: 5 }, undefined],
])('a connection whose credential %s is due when something is to be done', (_, given, dueAt) => {
  expect(withDueAt(given, days).dueAt).toBe(dueAt);
});

it.each([
  [end - 14 * dayMs - 1, undefined, null],
  [end - 14 * dayMs, undefined, 14],
  [end - 14 * dayMs, 14, null],
  [end - 3 * dayMs - 1, 14, null],
  [end - 3 * dayMs, 14, 3],
  [end - dayMs, undefined, 1],
  [end - dayMs, 14, 1],
  [end - 1, 1, null],
])('at %i, reminded at %s days, the reminder of %s days is due', (now, remindedDays, expected) => {
  const given = remindedDays === undefined ? ending : { ...ending, remindedDays };
  expect(reminderDue(given, days, now)).toBe(expected);
  expect(reminderDue(given, [], now)).toBeNull();
});

it('a credential has ended at its end', () => {
  expect([end - 1, end].map((now) => isExpired(ending, now))).toEqual([false, true]);
  expect(isExpired(record, Number.MAX_SAFE_INTEGER)).toBe(false);
});
