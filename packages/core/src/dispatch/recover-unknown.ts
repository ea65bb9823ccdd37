import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { ExecutionPolicy } from '../contracts/executor.ts';

/** What to do with a dispatch whose last outcome nobody knows. */
export type Recovery = { readonly way: 'execute' } | { readonly way: 'look' } | { readonly way: 'hold'; readonly why: string };

/** The five ways on after an unknown outcome, by idempotency class. Pure; ages are measured on the store's clock. */
export function recoverUnknown(
  dispatch: Pick<ClaimedDispatch, 'unknownSince' | 'firstSentAt' | 'storeNow'>,
  policy: ExecutionPolicy,
): Recovery {
  if (dispatch.unknownSince === null) return { way: 'execute' };
  // A new round has a first send of its own, and what nobody knows may be older.
  const age = dispatch.storeNow - Math.min(dispatch.firstSentAt ?? dispatch.unknownSince, dispatch.unknownSince);
  switch (policy.idempotency) {
    case 'read':
      return { way: 'execute' };
    case 'idempotent':
      return age <= policy.retryWithinMs
        ? { way: 'execute' }
        : { way: 'hold', why: 'It may have happened, and so long ago that repeating it could undo something newer.' };
    case 'keyed':
      // A repeat is sent within the call's time and may linger as long again; the provider must still know the key when it arrives.
      return age + 2 * policy.timeoutMs <= policy.keyLifetimeMs
        ? { way: 'execute' }
        : { way: 'hold', why: 'It may have happened, and the provider no longer remembers the idempotency key.' };
    case 'reconcilable':
      return { way: 'look' };
    case 'unsafe':
      return policy.onUnknown === 'retry'
        ? { way: 'execute' }
        : { way: 'hold', why: 'It may have happened, and neither a key nor a look at the provider can tell.' };
  }
}

/**
 * Whether an earlier try may have had an effect that a repeat could double: then nobody may call the dispatch dead. A key that is never
 * forgotten makes every repeat harmless, whenever it comes.
 */
export function mayHaveHappened({ unknownSince }: Pick<ClaimedDispatch, 'unknownSince'>, policy: ExecutionPolicy): boolean {
  if (unknownSince === null || policy.idempotency === 'read') return false;
  return policy.idempotency !== 'keyed' || policy.keyLifetimeMs !== Number.POSITIVE_INFINITY;
}
