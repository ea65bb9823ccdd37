import type { BuiltInCall } from '../../connector/built-in-action.ts';
import { claimedDispatch } from '../../dispatch/__fixtures__/claimed-dispatch.ts';

/** A call of a built-in action with what a test does not care about filled in. */
export function builtInCall(input: unknown, changes: Partial<BuiltInCall> = {}): BuiltInCall {
  const key = { value: 'k'.repeat(32), child: () => key };
  return {
    tenant: 'acme',
    input,
    key,
    attempt: 1,
    signal: new AbortController().signal,
    deadline: () => Number.POSITIVE_INFINITY,
    dispatch: claimedDispatch({ connection: null }),
    ...changes,
  };
}
