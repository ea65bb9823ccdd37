import { describe, expect, it } from 'vitest';
import type { IdempotencyClass } from '../contracts/idempotency.ts';
import { policyWith, storeNow } from './__fixtures__/claimed-dispatch.ts';
import { recoverUnknown } from './recover-unknown.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A dispatch that was first sent so long ago and whose outcome has been unknown since then. */
const unknownFor = (age: number) => ({ storeNow, firstSentAt: storeNow - age, unknownSince: storeNow - age });

describe('recoverUnknown', () => {
  it.each(['read', 'idempotent', 'keyed', 'reconcilable', 'unsafe'] as const)(
    'executes a %s dispatch about which nothing is unknown',
    (idempotency) => {
      const dispatch = { storeNow, firstSentAt: storeNow - 30 * day, unknownSince: null };
      expect(recoverUnknown(dispatch, policyWith({ idempotency }))).toEqual({ way: 'execute' });
    },
  );

  it.each<[IdempotencyClass, number, string]>([
    ['read', 0, 'execute'],
    ['read', 30 * day, 'execute'],
    ['idempotent', 0, 'execute'],
    ['idempotent', hour, 'execute'],
    ['idempotent', hour + 1, 'hold'],
    ['keyed', 0, 'execute'],
    ['keyed', day - minute, 'execute'],
    ['keyed', day - minute + 1, 'hold'],
    ['reconcilable', 0, 'look'],
    ['reconcilable', 30 * day, 'look'],
    ['unsafe', 0, 'hold'],
    ['unsafe', 30 * day, 'hold'],
  ])('after an unknown outcome, %s at an age of %i ms: %s', (idempotency, age, way) => {
    expect(recoverUnknown(unknownFor(age), policyWith({ idempotency })).way).toBe(way);
  });

  it('executes one whose key is never forgotten, however long its call may take', () => {
    const policy = policyWith({ idempotency: 'keyed', keyLifetimeMs: Number.POSITIVE_INFINITY, timeoutMs: Number.POSITIVE_INFINITY });
    expect(recoverUnknown(unknownFor(365 * day), policy)).toEqual({ way: 'execute' });
  });

  it('repeats an unsafe dispatch only where its author says so', () => {
    expect(recoverUnknown(unknownFor(day), policyWith({ idempotency: 'unsafe', onUnknown: 'retry' }))).toEqual({ way: 'execute' });
  });

  it.each(['idempotent', 'keyed'] as const)(
    'counts the age of a %s dispatch from its first send, not from the last unknown outcome',
    (idempotency) => {
      const dispatch = { storeNow, firstSentAt: storeNow - 2 * day, unknownSince: storeNow - 1 };
      expect(recoverUnknown(dispatch, policyWith({ idempotency })).way).toBe('hold');
    },
  );

  it('counts from what is unknown of an earlier round, although a new round has a first send of its own', () => {
    const dispatch = { storeNow, firstSentAt: storeNow, unknownSince: storeNow - 2 * day };
    expect(recoverUnknown(dispatch, policyWith({ idempotency: 'keyed' })).way).toBe('hold');
  });
});
