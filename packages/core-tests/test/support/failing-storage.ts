import { PatchbayError } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import { withEachCall } from './each-call.ts';

/** When the call that fails does so: before the storage has seen it, or behind it, with its answer lost. */
export type FailingMoment = 'before' | 'behind';

/** A storage of which one call fails. */
export interface FailingStorage {
  readonly storage: Storage<never>;
  /** The call with this number from now on fails, counted from 1; 0 lets all pass. */
  fail(number: number, moment: FailingMoment): void;
  /** Calls since then. */
  calls(): number;
}

/** Wraps a storage. */
export function failingStorage(storage: Storage<never>): FailingStorage {
  let counted = 0;
  let failing = { number: 0, moment: 'before' as FailingMoment };
  const carryOut = async (run: () => unknown): Promise<unknown> => {
    counted += 1;
    if (counted !== failing.number) return run();
    if (failing.moment === 'behind') await run();
    throw new PatchbayError({ code: 'storage_unavailable', message: 'The store is away. Try again.', retryable: true });
  };
  return {
    storage: withEachCall(storage, carryOut),
    fail(number, moment) {
      counted = 0;
      failing = { number, moment };
    },
    calls: () => counted,
  };
}
