import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ActionDefinition } from '../connector/action-definition.ts';
import { actionPolicy } from './action-policy.ts';

const figures = { maximumAttempts: 7, maximumCrashes: 2, quickRetries: 0, baseMs: 10, maximumMs: 100 };
const backoffMs = () => 5;
const base = { title: 'Act', description: 'Acts.', input: z.json(), output: z.json(), run: async () => null };
const policyOf = (action: ActionDefinition | undefined, onUnknown: 'hold' | 'retry' = 'hold') =>
  actionPolicy(action, { figures, onUnknown, backoffMs });

const defaults = {
  maximumAttempts: 7,
  maximumCrashes: 2,
  timeoutMs: 30_000,
  retryWithinMs: 3_600_000,
  keyLifetimeMs: 0,
  settlesWithinMs: 0,
  onUnknown: 'hold',
  backoffMs,
};

describe('the policy of an action', () => {
  it('that says nothing more is the default: half a minute for a call, an hour for repeats after an unknown outcome', () => {
    for (const idempotency of ['read', 'idempotent', 'unsafe'] as const)
      expect(policyOf({ ...base, idempotency })).toEqual({ ...defaults, idempotency });
  });

  it('is what the action says', () => {
    expect(policyOf({ ...base, idempotency: 'idempotent', retryWithin: 60_000, timeoutMs: 5_000 })).toEqual({
      ...defaults,
      idempotency: 'idempotent',
      retryWithinMs: 60_000,
      timeoutMs: 5_000,
    });
    expect(policyOf({ ...base, idempotency: 'keyed', keyLifetime: 86_400_000 })).toEqual({
      ...defaults,
      idempotency: 'keyed',
      keyLifetimeMs: 86_400_000,
    });
    const reconcile = async () => ({ answer: 'absent' }) as const;
    expect(policyOf({ ...base, idempotency: 'reconcilable', settlesWithin: 4_000, reconcile })).toEqual({
      ...defaults,
      idempotency: 'reconcilable',
      settlesWithinMs: 4_000,
    });
  });

  it('that nobody knows is the most careful one, and what follows an unknown outcome is the word of the automation', () => {
    expect(policyOf(undefined, 'retry')).toEqual({ ...defaults, idempotency: 'unsafe', onUnknown: 'retry' });
  });
});
