import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { GuardedCall } from '../call-guard.ts';
import type { LimitSource } from './bucket.ts';

/** A request that would have to wait longer than it may. Nothing has been sent. */
export function limitReached(
  call: GuardedCall,
  limit: { readonly name: string; readonly source: LimitSource },
  waitMs: number,
): PatchbayError {
  const named = limit.name === '' ? '' : ` (${limit.name})`;
  return new PatchbayError({
    code: 'rate_limited',
    message: `The limit of requests${named} to ${call.definition.name} is reached, so nothing was sent. Try again in ${Math.ceil(waitMs / 1_000)} seconds.`,
    retryable: true,
    sent: 'no',
    retryAfterMs: Math.ceil(waitMs),
    details: { limit: limit.name, source: limit.source },
  });
}

/** The plan's refusal for one request, with the time after which it may go. `undefined`: nobody could say what the plan is. */
export function planReached(refusal: PatchbayError | undefined, waitMs: number, cause?: unknown): PatchbayError {
  const known = { retryable: true, sent: 'no', retryAfterMs: Math.ceil(waitMs) } as const;
  if (refusal !== undefined) return new PatchbayError({ ...known, code: 'plan_limit', message: refusal.message, details: refusal.details });
  return new PatchbayError({
    ...known,
    code: 'not_ready',
    message: "Nobody could say what the tenant's plan allows, so nothing was sent. Mend planOf, or try again.",
    cause,
  });
}
